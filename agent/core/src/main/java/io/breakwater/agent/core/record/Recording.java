package io.breakwater.agent.core.record;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Everything recorded in this process: the rings that serving threads fill, and the series that
 * they are drained into.
 *
 * <p>Memory is bounded: 128 KiB for each ring in use, at most 256 models, and per model the
 * features and categories of its {@link Limits}, 11 kB each at most. Draining and flushing are for
 * the agent's own threads; they may run at the same time, one then waits for the other.
 */
public final class Recording {
  /** How long a record may stay unpublished. */
  public static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** The same while it keeps others from being recorded. */
  public static final long FILLING_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final int BLOCK_WORDS = 4 * Ring.MAX_RECORD;

  private final Rings rings;
  private final SeriesStore store;
  private final Recorder recorder;
  private final Drops drops;
  private final Object reading = new Object();
  private final int[] block = new int[BLOCK_WORDS];
  private final long[] heads;
  private final long[] waited;

  private Recording(CaptureRules rules, int cores, EpochClock clock, Drops drops, Runnable wake) {
    ErrorTypes errorTypes = new ErrorTypes();
    this.rings = Rings.forCores(cores);
    this.store = new SeriesStore(rules.limits(), errorTypes, drops, clock);
    this.recorder = new Recorder(rings, store, errorTypes, rules, drops, wake);
    this.drops = drops;
    this.heads = new long[rings.stripes()];
    Arrays.fill(heads, -1); // seen at none yet
    this.waited = new long[rings.stripes()];
  }

  /**
   * A recording without any model.
   *
   * @param cores processors of the machine, at least 1
   * @param wake called on a serving thread when a ring is half full; must be fast and not throw
   */
  public static Recording create(
      CaptureRules rules, int cores, EpochClock clock, Drops drops, Runnable wake) {
    return new Recording(rules, cores, clock, drops, wake);
  }

  /** The callers' side. */
  public Recorder recorder() {
    return recorder;
  }

  /** Counts of what was lost. */
  public Drops drops() {
    return drops;
  }

  /** How many model versions have been seen. */
  public int models() {
    return store.models();
  }

  /** Places for handles, in use or not. */
  int places() {
    return store.places();
  }

  /**
   * Files what is in the rings.
   *
   * @return whether there was anything
   */
  public boolean drain() {
    synchronized (reading) {
      recorder.awake();
      boolean found = false;
      for (int stripe = 0; stripe < rings.stripes(); stripe++) {
        Ring ring = rings.existing(stripe);
        if (ring != null) {
          found |= drain(ring);
        }
      }
      return found;
    }
  }

  /**
   * Gets past records that were claimed and are never published, such as those of threads whose
   * stack ended in between. To be called again and again. A ring that stands still at such a record
   * for {@link #PATIENCE_NANOS}, or {@link #FILLING_PATIENCE_NANOS} if it is half full, is closed;
   * the next call files what it holds back. The record is counted as dropped, and goes nowhere if
   * it is published later.
   *
   * @param nanos how long writers had time to publish since the last call
   * @return whether a ring stands still
   */
  public boolean passBlocked(long nanos) {
    synchronized (reading) {
      boolean blocked = false;
      for (int stripe = 0; stripe < rings.stripes(); stripe++) {
        Ring ring = rings.existing(stripe);
        if (ring != null) {
          drain(ring);
          blocked |= isBlocked(stripe, ring, nanos);
        }
      }
      return blocked;
    }
  }

  private boolean isBlocked(int stripe, Ring ring, long nanos) {
    if (ring.isClosed()) {
      rings.replace(stripe, ring);
      finish(ring);
      return false;
    }
    int used = ring.used();
    long head = ring.head();
    if (used == 0 || head != heads[stripe]) {
      heads[stripe] = head;
      waited[stripe] = 0;
      return used > 0;
    }
    waited[stripe] += nanos;
    if (waited[stripe] >= (used > Ring.WORDS / 2 ? FILLING_PATIENCE_NANOS : PATIENCE_NANOS)) {
      ring.close();
      waited[stripe] = 0;
    }
    return true;
  }

  private void finish(Ring ring) {
    drain(ring);
    while (!ring.isFinished()) {
      drops.add(Drops.Reason.UNFINISHED);
      ring.skip();
      drain(ring);
    }
  }

  private boolean drain(Ring ring) {
    int left = Ring.WORDS; // a ring that is filled as fast as it is read must not keep us
    int taken = ring.take(block);
    boolean found = taken > 0;
    while (taken > 0) {
      store.file(block, taken);
      left -= taken;
      taken = left > 0 ? ring.take(block) : 0;
    }
    return found;
  }

  /** Drains, and sends calls, scores and classes up to now to the sink. */
  public void flushOutcomes(PointSink sink, long nowNanos) {
    drain();
    PointBuffer points = new PointBuffer();
    store.flushOutcomes(points, nowNanos);
    points.sendTo(sink); // without the lock: loading the exporter's classes takes its time
  }

  /** Drains, and sends the features up to now to the sink. */
  public void flushFeatures(PointSink sink, long nowNanos) {
    drain();
    PointBuffer points = new PointBuffer();
    store.flushFeatures(points, nowNanos);
    points.sendTo(sink); // without the lock: loading the exporter's classes takes its time
  }
}
