package io.breakwater.agent.core.record;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where serving threads leave their calls.
 *
 * <p>A call is claimed, filled in and published:
 *
 * <pre>{@code
 * long claim = recorder.claim(series, sampledRows, false);
 * if (claim != Recorder.DROPPED) {
 *   int[] words = recorder.words(claim);
 *   int at = recorder.firstValue(claim);
 *   words[at] = Float.floatToRawIntBits(value); // and so on, row after row
 *   recorder.publish(claim, nanos, rowsOfCall, sampledRows, Recorder.NO_ERROR);
 * }
 * }</pre>
 *
 * <p>What is claimed must be published, also when filling it in failed: then with 0 sampled rows.
 * Claiming and publishing take about 5 ns, allocate nothing, take no lock and never wait; where no
 * ring has room the call is dropped and counted. Safe for use by many threads.
 */
public final class Recorder {
  /** Answer to a claim for which there was no room; the drop has been counted. */
  public static final long DROPPED = -1;

  /** Error number of a call that did not fail. */
  public static final int NO_ERROR = ErrorTypes.NONE;

  /** First word of a value that was not read. */
  private static final int ABSENT = RecordWords.ABSENT;

  private static final int HALF_FULL = Ring.WORDS / 2;

  private final Rings rings;
  private final SeriesStore store;
  private final ErrorTypes errorTypes;
  private final CaptureRules rules;
  private final Drops drops;
  private final Runnable wake;
  private volatile boolean woken;

  Recorder(
      Rings rings,
      SeriesStore store,
      ErrorTypes errorTypes,
      CaptureRules rules,
      Drops drops,
      Runnable wake) {
    this.rings = rings;
    this.store = store;
    this.errorTypes = errorTypes;
    this.rules = rules;
    this.drops = drops;
    this.wake = wake;
  }

  /**
   * The handle for a model's calls of a schema: the same for the same model and schema. Takes a
   * lock and allocates; keep what it returns.
   *
   * @return null if the process has more models than are kept; this has been counted
   */
  public @Nullable ModelSeries series(ModelIdentity identity, Schema schema) {
    return store.series(identity, schema);
  }

  /**
   * The same for a model whose version takes time to find. Its calls are kept and leave the process
   * once the version is there; a version that fails is {@link ModelIdentity#UNKNOWN_VERSION}.
   */
  public @Nullable ModelSeries series(
      String name, CompletableFuture<String> version, String framework, Schema schema) {
    return store.series(name, version, framework, schema);
  }

  /** What is captured, and what it is called. */
  public CaptureRules rules() {
    return rules;
  }

  /** Counts of what could not be recorded. */
  public Drops drops() {
    return drops;
  }

  /** The number for a failure's class. Allocates at the first failure of a class only. */
  public int errorType(Throwable failure) {
    return errorTypes.of(failure.getClass().getName());
  }

  /** The number for a kind of failure given by name. */
  public int errorType(String name) {
    return errorTypes.of(name);
  }

  /** Value of {@code error.type} for a number. */
  public String errorName(int errorType) {
    return errorTypes.name(errorType);
  }

  /**
   * Counts a prediction whose label came back. Takes a lock.
   *
   * @param actual the true label
   * @param predicted the model's
   */
  public void outcome(ModelIdentity identity, String actual, String predicted) {
    store.outcome(identity, Limits.shortened(actual) + ":" + Limits.shortened(predicted));
  }

  /** Most rows that one record takes; of a larger call a sample is recorded. */
  public static int maxRows(ModelSeries series, boolean doubles) {
    int rowWords = series.rowValues() * (doubles ? 2 : 1);
    return rowWords == 0 ? 0 : (Ring.MAX_RECORD - RecordWords.HEADER) / rowWords;
  }

  /**
   * Claims a record.
   *
   * @param rows rows whose values will be recorded, at most {@link #maxRows}
   * @param doubles whether a value takes two words, as a double, instead of one, as a float
   * @return to be given to the other methods, or {@link #DROPPED}
   */
  public long claim(ModelSeries series, int rows, boolean doubles) {
    int length = RecordWords.HEADER + rows * series.rowValues() * (doubles ? 2 : 1);
    int kind = length | (doubles ? RecordWords.DOUBLES : RecordWords.FLOATS);
    long claim = rings.claim(kind, Thread.currentThread().getId());
    if (claim == DROPPED) {
      drops.add(Drops.Reason.RING_FULL);
      wakeDrain();
      return DROPPED;
    }
    words(claim)[(int) claim + RecordWords.SERIES] = series.index();
    return claim;
  }

  /** Where the values of a claim go. */
  public int[] words(long claim) {
    return rings.of(claim).words();
  }

  /** Index of a claim's first value in its {@link #words}. */
  public int firstValue(long claim) {
    return (int) claim + RecordWords.HEADER;
  }

  /** Writes a double as two words. */
  public static void putDouble(int[] words, int at, double value) {
    long bits = Double.doubleToRawLongBits(value);
    words[at] = (int) (bits >>> Integer.SIZE);
    words[at + 1] = (int) bits;
  }

  /** Writes that a value was not read, in as many words as a value takes. */
  public static void putAbsent(int[] words, int at) {
    words[at] = ABSENT;
  }

  /*
   * At the end of a stack a claim may succeed and what follows it overflow. A claim that is never
   * published is lost and blocks its ring for seconds, so publishing should need less stack than
   * claiming: one call less from here down to the ring, whatever the style.
   */

  /**
   * Publishes a call.
   *
   * @param sampledRows rows filled in, at most as many as were claimed
   */
  public void publish(
      long claim, long durationNanos, int rowsOfCall, int sampledRows, int errorType) {
    Ring ring = rings.of(claim);
    int[] words = ring.words();
    int at = (int) claim;
    words[at + RecordWords.DURATION_HIGH] = (int) (durationNanos >>> Integer.SIZE);
    words[at + RecordWords.DURATION_LOW] = (int) durationNanos;
    words[at + RecordWords.ROWS] = rowsOfCall;
    words[at + RecordWords.SAMPLED] = sampledRows;
    words[at + RecordWords.ERROR] = errorType;
    ring.publish(at, words[at + RecordWords.KIND]);
    if (ring.used() > HALF_FULL) {
      wakeDrain();
    }
  }

  /** Publishes values that belong to a call which someone else records. */
  public void publishValues(long claim, int sampledRows) {
    Ring ring = rings.of(claim);
    int[] words = ring.words();
    int at = (int) claim;
    words[at + RecordWords.SAMPLED] = sampledRows;
    words[at + RecordWords.ERROR] = NO_ERROR;
    ring.publish(at, words[at + RecordWords.KIND] | RecordWords.VALUES_ONLY);
    if (ring.used() > HALF_FULL) {
      wakeDrain();
    }
  }

  private void wakeDrain() {
    if (!woken) {
      woken = true;
      wake.run();
    }
  }

  /** Tells that the drain is about to look at the rings. */
  void awake() {
    woken = false;
  }
}
