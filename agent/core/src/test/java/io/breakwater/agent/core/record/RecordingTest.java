package io.breakwater.agent.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RecordingTest {
  /**
   * Calls that see a ring at the same record until its patience is over, the last one closes it.
   */
  private static final int PATIENCE = 21;

  private static final long LOOK_NANOS = Recording.PATIENCE_NANOS / (PATIENCE - 1);

  private final Drops drops = new Drops();
  private final AtomicInteger wakes = new AtomicInteger();
  private final ModelIdentity credit = ModelIdentity.of("credit", "1", "test");
  private long now = 1_000;
  private Recording recording = recording(64, 50);

  private Recording recording(int maxFeatures, int maxCategories) {
    CaptureRules rules =
        CaptureRules.of(
            true, Limits.of(maxFeatures, maxCategories), "service", null, null, List.of());
    return Recording.create(rules, 1, () -> now, drops, wakes::incrementAndGet);
  }

  private ModelSeries series(ModelIdentity model, Schema schema) {
    ModelSeries series = recording.recorder().series(model, schema);
    if (series == null) {
      throw new AssertionError("no series for " + model);
    }
    return series;
  }

  private static Schema schema(int features, Schema.Output... outputs) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < features; i++) {
      names.add("f" + i);
    }
    return Schema.of(names, List.of(outputs));
  }

  private void call(ModelSeries series, int error, float... values) {
    Recorder recorder = recording.recorder();
    int rows = values.length == 0 ? 0 : values.length / series.rowValues();
    long claim = recorder.claim(series, rows, false);
    if (claim == Recorder.DROPPED) {
      return;
    }
    for (int i = 0; i < values.length; i++) {
      recorder.words(claim)[recorder.firstValue(claim) + i] = Float.floatToRawIntBits(values[i]);
    }
    recorder.publish(claim, 5_000_000, Math.max(1, rows), rows, error);
  }

  private TestSink flush() {
    TestSink sink = new TestSink();
    recording.flushOutcomes(sink, now);
    recording.flushFeatures(sink, now);
    return sink;
  }

  @Test
  void calls_becomeOneHistogramPerFailure() {
    ModelSeries series = series(credit, Schema.CALLS_ONLY);
    Recorder recorder = recording.recorder();
    call(series, Recorder.NO_ERROR);
    call(series, Recorder.NO_ERROR);
    call(series, recorder.errorType(new IllegalStateException()));
    now = 2_000;
    TestSink sink = flush();

    assertThat(sink.with("duration"))
        .extracting(point -> point.key, point -> point.count, point -> point.startNanos)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "ml.inference.duration{ml.model.name=credit}{ml.model.version=1}{ml.framework=test}",
                2L,
                1_000L),
            org.assertj.core.groups.Tuple.tuple(
                "ml.inference.duration{ml.model.name=credit}{ml.model.version=1}{ml.framework=test}"
                    + "{error.type=java.lang.IllegalStateException}",
                1L,
                1_000L));
    assertThat(sink.count("rows")).isEqualTo(2);
    assertThat(sink.with("duration").get(0).sum).isEqualTo(0.01);
    assertThat(flush().points).as("nothing happened since").isEmpty();
  }

  @Test
  void intervals_joinWithoutGap() {
    ModelSeries series = series(credit, Schema.CALLS_ONLY);
    now = 2_000;
    flush();
    call(series, Recorder.NO_ERROR);
    now = 3_000;

    assertThat(flush().with("duration").get(0).startNanos).isEqualTo(2_000);
  }

  private long claim(ModelSeries series, int rows) {
    long claim = recording.recorder().claim(series, rows, false);
    assertThat(claim).isNotEqualTo(Recorder.DROPPED);
    return claim;
  }

  private void passBlocked(int times) {
    for (int i = 0; i < times; i++) {
      recording.passBlocked(LOOK_NANOS);
    }
  }

  @Test
  void claimThatIsNeverPublished_isCountedAndHoldsNothingBackForLong() {
    ModelSeries series = series(credit, schema(1));
    call(series, Recorder.NO_ERROR, 1);
    claim(series, 1);
    for (int i = 0; i < 20; i++) {
      call(series, Recorder.NO_ERROR, 1);
    }
    passBlocked(PATIENCE - 1);
    assertThat(flush().count("duration")).as("its thread may still come back").isEqualTo(1);

    passBlocked(2);
    TestSink sink = flush();
    assertThat(sink.count("duration")).isEqualTo(20);
    assertThat(sink.count("feature", "f0")).isEqualTo(21);
    assertThat(drops.count(Drops.Reason.UNFINISHED)).isEqualTo(1);

    call(series, Recorder.NO_ERROR, 1);
    assertThat(flush().count("duration")).as("the ring in its place").isEqualTo(1);
    passBlocked(3 * PATIENCE);
    assertThat(drops.count(Drops.Reason.UNFINISHED)).isEqualTo(1);
  }

  @Test
  void claimThatIsNeverPublished_inARingThatFills_isPassedSooner() {
    ModelSeries series = series(credit, schema(0));
    claim(series, 0);
    int calls = 0;
    while (drops.count(Drops.Reason.RING_FULL) == 0) { // the other rings are drained
      call(series, Recorder.NO_ERROR);
      calls++;
      assertThat(calls).isLessThan(1_000_000);
    }
    calls--;
    for (int look = 0; look < 3; look++) {
      recording.passBlocked(Recording.FILLING_PATIENCE_NANOS);
    }

    assertThat(flush().count("duration")).isEqualTo(calls);
    assertThat(drops.count(Drops.Reason.UNFINISHED)).isEqualTo(1);
  }

  @Test
  void claimThatIsPublishedInTime_isDelivered() {
    ModelSeries series = series(credit, schema(0));
    long claim = claim(series, 0);
    passBlocked(PATIENCE); // the ring takes no more
    recording.recorder().publish(claim, 1, 1, 0, Recorder.NO_ERROR);
    for (int i = 0; i < 5; i++) {
      call(series, Recorder.NO_ERROR);
    }
    passBlocked(1);

    assertThat(flush().count("duration")).isEqualTo(6);
    assertThat(drops.count(Drops.Reason.UNFINISHED)).isZero();
    assertThat(drops.count(Drops.Reason.RING_FULL)).isZero();
  }

  @Test
  void claimThatIsPublishedTooLate_goesNowhere() {
    ModelSeries series = series(credit, schema(8));
    Recorder recorder = recording.recorder();
    long early = claim(series, 10);
    int[] oldWords = recorder.words(early);
    passBlocked(2 * PATIENCE);
    assertThat(drops.count(Drops.Reason.UNFINISHED)).isEqualTo(1);

    // Its place in the fresh ring has an owner by now, who has not finished either.
    long owner = claim(series, 10);
    assertThat((int) owner).isEqualTo((int) early);
    for (int i = 0; i < 80; i++) {
      recorder.words(owner)[recorder.firstValue(owner) + i] = Float.floatToRawIntBits(1);
      recorder.words(early)[recorder.firstValue(early) + i] = Float.floatToRawIntBits(1_000);
      oldWords[recorder.firstValue(early) + i] = Float.floatToRawIntBits(1_000);
    }
    recorder.publish(early, 1_000_000_000, 7, 10, Recorder.NO_ERROR);
    recorder.publishValues(early, 10);
    assertThat(flush().points).isEmpty();

    recorder.publish(owner, 5_000_000, 10, 10, Recorder.NO_ERROR);
    TestSink sink = flush();
    assertThat(sink.count("duration")).isEqualTo(1);
    assertThat(sink.with("duration").get(0).sum).isEqualTo(0.005);
    assertThat(sink.with("rows").get(0).sum).isEqualTo(10);
    assertThat(sink.with("feature", "f3").get(0).sum).isEqualTo(10);
    assertThat(drops.count(Drops.Reason.UNFINISHED)).isEqualTo(1);
  }

  @Test
  void manyThreadsThatDoNotAlwaysPublish_loseWhatTheyDidNotAndNoMore() throws Exception {
    int writers = 4;
    int rounds = 20;
    int each = 1_000;
    ModelSeries series = series(credit, schema(1));
    CyclicBarrier barrier = new CyclicBarrier(writers + 1);
    List<Thread> threads = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      Thread thread =
          new Thread(
              () -> {
                for (int round = 0; round < rounds; round++) {
                  long held = writeMost(series, each);
                  await(barrier); // what is not published is given up
                  await(barrier);
                  recording.recorder().publish(held, 1_000_000_000, 1, 1, Recorder.NO_ERROR);
                }
              });
      threads.add(thread);
      thread.start();
    }
    TestSink all = new TestSink();
    for (int round = 0; round < rounds; round++) {
      await(barrier);
      passBlocked(2 * PATIENCE);
      recording.flushOutcomes(all, now);
      await(barrier);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    passBlocked(2 * PATIENCE);
    recording.flushOutcomes(all, now);
    long published = (long) writers * rounds * (each - 2);
    assertThat(all.count("duration")).isEqualTo(published);
    assertThat(drops.count(Drops.Reason.UNFINISHED)).isEqualTo(writers * rounds * 2L);
    assertThat(all.with("duration").stream().mapToDouble(point -> point.sum).sum())
        .isCloseTo(0.001 * published, Offset.offset(1e-6));
  }

  /** Claims records and publishes all but two; returns one of those. */
  private long writeMost(ModelSeries series, int calls) {
    Recorder recorder = recording.recorder();
    long held = 0;
    for (int i = 0; i < calls; i++) {
      long claim = recorder.claim(series, 1, false);
      recorder.words(claim)[recorder.firstValue(claim)] = Float.floatToRawIntBits(1);
      if (i == 700) {
        held = claim;
      } else if (i != 500) {
        recorder.publish(claim, 1_000_000, 1, 1, Recorder.NO_ERROR);
      }
    }
    return held;
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void batch_isOneCallAndItsRows() {
    ModelSeries series = series(credit, schema(1));
    float[] rows = new float[20];
    call(series, Recorder.NO_ERROR, rows);
    TestSink sink = flush();

    assertThat(sink.count("duration")).isEqualTo(1);
    assertThat(sink.with("rows").get(0).sum).isEqualTo(20);
    assertThat(sink.count("feature", "f0")).isEqualTo(20);
  }

  @Test
  void nanIsMissing_infinityIsOutOfRange_absentIsNothing() {
    ModelSeries series = series(credit, schema(1));
    for (int i = 0; i < 10; i++) {
      call(series, Recorder.NO_ERROR, 1);
    }
    call(series, Recorder.NO_ERROR, Float.NaN);
    call(series, Recorder.NO_ERROR, Float.POSITIVE_INFINITY);
    call(series, Recorder.NO_ERROR, Float.NEGATIVE_INFINITY);
    call(series, Recorder.NO_ERROR, Float.intBitsToFloat(RecordWords.ABSENT));
    TestSink sink = flush();

    assertThat(sink.count("inference.feature{", "f0")).isEqualTo(10);
    assertThat(sink.count("missing", "f0")).isEqualTo(1);
    assertThat(sink.count("out_of_range", "f0", "ml.range=high")).isEqualTo(1);
    assertThat(sink.count("out_of_range", "f0", "ml.range=low")).isEqualTo(1);
    assertThat(sink.count("duration")).isEqualTo(14);
  }

  @Test
  void fewerThanTenValues_areHeldBackAndMergedIntoTheNext() {
    ModelSeries series = series(credit, schema(1));
    for (int i = 0; i < 9; i++) {
      call(series, Recorder.NO_ERROR, 1);
    }
    now = 2_000;
    assertThat(flush().with("feature")).isEmpty();

    call(series, Recorder.NO_ERROR, 1);
    now = 3_000;
    TestSink sink = flush();
    assertThat(sink.count("feature")).isEqualTo(10);
    assertThat(sink.with("feature").get(0).startNanos).isEqualTo(1_000);
  }

  @Test
  void scores_areRecordedTwiceWhileTheyAreProbabilities() {
    ModelSeries series = series(credit, schema(0, Schema.Output.of("p", List.of("no", "yes"))));
    call(series, Recorder.NO_ERROR, 0.25f, 1);
    call(series, Recorder.NO_ERROR, 0.75f, 0);
    call(series, Recorder.NO_ERROR, Float.NaN, Float.intBitsToFloat(RecordWords.ABSENT));
    TestSink sink = flush();
    assertThat(sink.with("inference.score{").get(0).sum).isEqualTo(1);
    assertThat(sink.count("inference.score.complement{")).isEqualTo(2);
    assertThat(sink.count("missing", "ml.output.name=p")).isEqualTo(1);
    assertThat(sink.count("predictions", "ml.output.class=yes")).isEqualTo(1);
    assertThat(sink.count("predictions", "ml.output.class=no")).isEqualTo(1);

    call(series, Recorder.NO_ERROR, 17, 0);
    call(series, Recorder.NO_ERROR, 0.5f, 0);
    sink = flush();
    assertThat(sink.count("inference.score{")).isEqualTo(2);
    assertThat(sink.count("inference.score.complement{")).as("17 is no probability").isZero();
  }

  @Test
  void scoresOutsideTheirWindow_areToldFromComplementsOutsideTheirs() {
    ModelSeries series = series(credit, schema(0, Schema.Output.of("p", List.of("no", "yes"))));
    for (int i = 0; i < 1_000; i++) {
      call(series, Recorder.NO_ERROR, 0.5f + i / 10_000f, 1);
      recording.drain();
    }
    flush();

    call(series, Recorder.NO_ERROR, 0.99f, 1);
    TestSink sink = flush();

    assertThat(sink.count("out_of_range", "ml.range=high")).isEqualTo(1);
    assertThat(sink.count("out_of_range", "ml.range=low")).isEqualTo(1);
    assertThat(sink.count("out_of_range", "ml.range.series=complement")).isEqualTo(1);
    assertThat(sink.with("out_of_range").get(1).key)
        .contains("ml.range=low", "ml.range.series=complement");
  }

  @Test
  void doubles_keepTheirDigits() {
    ModelSeries series = series(credit, schema(1));
    Recorder recorder = recording.recorder();
    double value = 1_234_567_890_123.0;
    for (int i = 0; i < 12; i++) {
      long claim = recorder.claim(series, 1, true);
      if (i < 10) {
        Recorder.putDouble(recorder.words(claim), recorder.firstValue(claim), value);
      } else {
        Recorder.putAbsent(recorder.words(claim), recorder.firstValue(claim));
      }
      recorder.publish(claim, 1, 1, 1, Recorder.NO_ERROR);
    }
    TestSink sink = flush();
    assertThat(sink.count("feature")).isEqualTo(10);
    assertThat(sink.with("feature").get(0).sum).isEqualTo(10 * value);
  }

  @Test
  void featuresBeyondTheLimit_shareOther() {
    recording = recording(2, 50);
    ModelSeries series = series(credit, schema(5));
    assertThat(series.features()).isEqualTo(2);
    assertThat(series.otherFeatures()).isEqualTo(3);
    assertThat(series.rowValues()).isEqualTo(3);
    for (int i = 0; i < 10; i++) {
      call(series, Recorder.NO_ERROR, 1, 2, 3);
    }
    TestSink sink = flush();
    assertThat(sink.with("inference.feature{"))
        .extracting(point -> point.key.replaceAll(".*feature.name=", ""), point -> point.sum)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("f0}", 10.0),
            org.assertj.core.groups.Tuple.tuple("f1}", 20.0),
            org.assertj.core.groups.Tuple.tuple("other}", 30.0));
  }

  @Test
  void classesBeyondTheLimit_areOtherAndCounted() {
    recording = recording(64, 3);
    ModelSeries series = series(credit, schema(0, Schema.Output.of("p", List.of())));
    for (int index = 0; index < 5; index++) {
      call(series, Recorder.NO_ERROR, 0, index);
    }
    TestSink sink = flush();
    assertThat(sink.count("ml.output.class=other")).isEqualTo(2);
    assertThat(sink.count("ml.output.class=")).isEqualTo(5);
    assertThat(drops.count(Drops.Reason.CATEGORIES_OVER_LIMIT)).isEqualTo(2);
  }

  @Test
  void kindsOfFailureBeyondTheLimit_areOther() {
    ModelSeries series = series(credit, Schema.CALLS_ONLY);
    for (int i = 0; i < 200; i++) {
      call(series, recording.recorder().errorType("E" + i));
    }
    TestSink sink = flush();
    assertThat(sink.with("duration")).hasSize(65);
    assertThat(sink.count("error.type=other")).isEqualTo(136);
    assertThat(sink.count("duration")).isEqualTo(200);
  }

  @Test
  void sameModelAndSchema_haveTheSameHandle() {
    ModelSeries first = series(credit, schema(2));
    assertThat(series(credit, schema(2))).isSameAs(first);
    assertThat(series(credit, schema(3))).isNotSameAs(first);
    assertThat(recording.models()).isEqualTo(1);
    assertThat(series(ModelIdentity.of("credit", "2", "test"), schema(2))).isNotSameAs(first);
    assertThat(recording.models()).isEqualTo(2);
  }

  @Test
  void twoSchemasOfAModel_shareItsSeries() {
    ModelSeries one = series(credit, schema(1));
    ModelSeries two = series(credit, schema(2));
    for (int i = 0; i < 10; i++) {
      call(one, Recorder.NO_ERROR, 1);
      call(two, Recorder.NO_ERROR, 1, 2);
    }
    TestSink sink = flush();
    assertThat(sink.with("feature", "f0")).hasSize(1);
    assertThat(sink.count("feature", "f0")).isEqualTo(20);
    assertThat(sink.with("duration")).hasSize(1);
  }

  @Test
  void pendingVersion_keepsCallsUntilItIsKnown() {
    CompletableFuture<String> version = new CompletableFuture<>();
    ModelSeries series = recording.recorder().series("credit", version, "test", Schema.CALLS_ONLY);
    assertThat(series).isNotNull();
    call(series, Recorder.NO_ERROR);
    assertThat(flush().points).isEmpty();

    version.complete("abc");
    assertThat(flush().count("duration", "ml.model.version=abc")).isEqualTo(1);
    call(series, Recorder.NO_ERROR);
    assertThat(flush().count("duration", "ml.model.version=abc")).isEqualTo(1);
  }

  @Test
  void pendingVersionThatIsKnownAlready_joinsItsSeries() {
    ModelSeries first = series(credit, Schema.CALLS_ONLY);
    CompletableFuture<String> version = new CompletableFuture<>();
    ModelSeries later = recording.recorder().series("credit", version, "test", Schema.CALLS_ONLY);
    assertThat(later).isNotNull();
    call(first, Recorder.NO_ERROR);
    call(later, Recorder.NO_ERROR);
    version.complete("1");
    assertThat(flush().count("duration")).isEqualTo(2);
    assertThat(recording.models()).isEqualTo(1);

    call(first, Recorder.NO_ERROR);
    call(later, Recorder.NO_ERROR);
    assertThat(flush().with("duration"))
        .singleElement()
        .satisfies(point -> assertThat(point.count).isEqualTo(2));
  }

  @Test
  void versionThatCannotBeFound_isUnknown() {
    CompletableFuture<String> version = new CompletableFuture<>();
    ModelSeries series = recording.recorder().series("credit", version, "test", Schema.CALLS_ONLY);
    assertThat(series).isNotNull();
    call(series, Recorder.NO_ERROR);
    version.completeExceptionally(new IllegalStateException());

    assertThat(flush().count("duration", "ml.model.version=unknown")).isEqualTo(1);
  }

  @Test
  void modelsBeyondTheLimit_areCountedNotKept() {
    List<ModelSeries> kept = new ArrayList<>();
    for (int i = 0; i < Limits.MAX_MODELS; i++) {
      kept.add(series(ModelIdentity.of("m", "" + i, ""), Schema.CALLS_ONLY));
    }
    assertThat(recording.recorder().series(credit, Schema.CALLS_ONLY)).isNull();
    assertThat(drops.count(Drops.Reason.TOO_MANY_MODELS)).isEqualTo(1);
    assertThat(kept).hasSize(Limits.MAX_MODELS);
  }

  @Test
  void forgottenHandles_makeRoom() {
    for (int i = 0; i < Limits.MAX_MODELS; i++) {
      series(ModelIdentity.of("m", "" + i, ""), Schema.CALLS_ONLY);
    }
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (recording.models() > 0 && System.nanoTime() < deadline) {
      System.gc();
      flush();
    }
    assertThat(recording.models()).isZero();
    assertThat(recording.recorder().series(credit, Schema.CALLS_ONLY)).isNotNull();
  }

  @Test
  void handlesThatComeAndGo_takeNoRoomForGood() {
    for (int round = 0; round < 50; round++) {
      for (int i = 0; i < 200; i++) {
        call(series(ModelIdentity.of("m", "" + i, ""), Schema.CALLS_ONLY), Recorder.NO_ERROR);
      }
      awaitForgotten();
    }
    assertThat(recording.places()).isLessThanOrEqualTo(200);

    call(series(credit, Schema.CALLS_ONLY), Recorder.NO_ERROR);
    assertThat(flush().count("duration", "ml.model.name=credit")).isEqualTo(1);
  }

  private void awaitForgotten() {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (recording.models() > 0 && System.nanoTime() < deadline) {
      System.gc();
      flush();
    }
    assertThat(recording.models()).isZero();
  }

  @Test
  void lateRecordOfAForgottenHandle_isNobodysElse() {
    Recorder recorder = recording.recorder();
    long claim = recorder.claim(series(credit, Schema.CALLS_ONLY), 0, false);
    awaitForgotten();
    ModelSeries next = series(ModelIdentity.of("next", "1", ""), Schema.CALLS_ONLY);
    recorder.publish(claim, 1, 1, 0, Recorder.NO_ERROR);
    call(next, Recorder.NO_ERROR);

    assertThat(recording.places()).isEqualTo(1);
    assertThat(flush().count("duration")).isEqualTo(1);
  }

  @Test
  void namesOfAnyLength_areCut() {
    String endless = "n".repeat(1_000_000);
    ModelSeries series =
        series(
            ModelIdentity.of(endless, endless, ""),
            Schema.of(List.of(endless), List.of(Schema.Output.of(endless, List.of(endless)))));
    for (int i = 0; i < 10; i++) {
      call(series, recording.recorder().errorType(endless));
      call(series, Recorder.NO_ERROR, 1, 0.5f, 0);
    }

    TestSink sink = flush();
    assertThat(sink.points).hasSizeGreaterThan(4);
    for (TestSink.Point point : sink.points) {
      assertThat(point.key.length()).isLessThan(4 * 300);
    }
  }

  @Test
  void halfFullRing_wakesTheDrainOnce_fullRingsDropAndCount() {
    ModelSeries series = series(credit, schema(64));
    float[] row = new float[64];
    int calls = 0;
    while (drops.count(Drops.Reason.RING_FULL) == 0) {
      call(series, Recorder.NO_ERROR, row);
      calls++;
    }
    assertThat(wakes.get()).isEqualTo(1);
    TestSink sink = flush();
    assertThat(sink.count("duration")).isEqualTo(calls - 1);
    while (wakes.get() == 1) {
      call(series, Recorder.NO_ERROR, row);
    }
    assertThat(drops.count(Drops.Reason.RING_FULL)).isEqualTo(1);
  }

  @Test
  void recordingACall_allocatesNothing() {
    ModelSeries series = series(credit, schema(30, Schema.Output.of("p", List.of())));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    float[] row = new float[32];
    Recorder recorder = recording.recorder();
    int error = recorder.errorType("E");
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      for (int i = 0; i < 500; i++) {
        call(series, i % 10 == 0 ? error : Recorder.NO_ERROR, row);
      }
      least =
          Math.min(least, threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
      recording.drain();
    }
    assertThat(least).isZero();
    assertThat(drops.count(Drops.Reason.RING_FULL)).isZero();
  }

  @Test
  void manyThreads_loseNoCall() throws InterruptedException {
    recording = Recording.create(recording.recorder().rules(), 4, () -> now, drops, () -> {});
    ModelSeries series = series(credit, schema(2));
    int threads = 4;
    int each = 20_000;
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread writer =
          new Thread(
              () -> {
                for (int call = 0; call < each; call++) {
                  call(series, Recorder.NO_ERROR, 1, 2);
                }
              });
      writers.add(writer);
      writer.start();
    }
    boolean writing = true;
    while (writing) {
      recording.drain();
      writing = writers.stream().anyMatch(Thread::isAlive);
    }
    for (Thread writer : writers) {
      writer.join();
    }
    TestSink sink = flush();
    long dropped = drops.count(Drops.Reason.RING_FULL);
    assertThat(sink.count("duration")).isEqualTo((long) threads * each - dropped);
    assertThat(sink.with("feature", "f1").get(0).sum).isEqualTo(2.0 * (threads * each - dropped));
  }
}
