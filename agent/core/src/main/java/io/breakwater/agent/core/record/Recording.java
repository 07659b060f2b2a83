package io.breakwater.agent.core.record;

/**
 * Everything recorded in this process: the rings that serving threads fill, and the series that
 * they are drained into.
 *
 * <p>Memory is bounded: 128 KiB for each ring in use, at most 256 models, and per model the
 * features and categories of its {@link Limits}, 11 kB each at most. Draining and flushing are for
 * the agent's own threads; they may run at the same time, one then waits for the other.
 */
public final class Recording {
  private static final int BLOCK_WORDS = 4 * Ring.MAX_RECORD;

  private final Rings rings;
  private final SeriesStore store;
  private final Recorder recorder;
  private final Drops drops;
  private final Object reading = new Object();
  private final int[] block = new int[BLOCK_WORDS];
  private final long[] heads;
  private final int[] looks;

  private Recording(CaptureRules rules, int cores, EpochClock clock, Drops drops, Runnable wake) {
    ErrorTypes errorTypes = new ErrorTypes();
    this.rings = Rings.forCores(cores);
    this.store = new SeriesStore(rules.limits(), errorTypes, drops, clock);
    this.recorder = new Recorder(rings, store, errorTypes, rules, drops, wake);
    this.drops = drops;
    this.heads = new long[rings.stripes()];
    this.looks = new int[rings.stripes()];
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
   * stack ended in between. To be called again and again, with some time for writers in between: a
   * ring that so many calls found at the same record is given up at the next call, and what it held
   * back is filed. Those records are counted as dropped; one that is published later goes nowhere.
   *
   * @param patience calls, at least 1
   * @return whether there is such a next call to be made
   */
  public boolean passBlocked(int patience) {
    synchronized (reading) {
      boolean closed = false;
      for (int stripe = 0; stripe < rings.stripes(); stripe++) {
        Ring ring = rings.existing(stripe);
        if (ring != null) {
          drain(ring);
          passBlocked(stripe, ring, patience);
          closed |= ring.isClosed() && !ring.isFinished();
        }
      }
      return closed;
    }
  }

  private void passBlocked(int stripe, Ring ring, int patience) {
    long head = ring.head();
    if (ring.isClosed()) { // since the call before: those who were writing have finished
      rings.replace(stripe, ring);
      finish(ring);
      looks[stripe] = 0;
    } else if (ring.used() == 0) {
      looks[stripe] = 0;
    } else {
      looks[stripe] = head == heads[stripe] ? looks[stripe] + 1 : 1;
      heads[stripe] = head;
      if (looks[stripe] >= patience) {
        ring.close();
      }
    }
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
