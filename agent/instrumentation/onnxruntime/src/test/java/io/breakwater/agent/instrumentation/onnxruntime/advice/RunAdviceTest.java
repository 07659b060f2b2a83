package io.breakwater.agent.instrumentation.onnxruntime.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.management.ThreadMXBean;
import io.breakwater.agent.core.instrument.Enclosing;
import io.breakwater.agent.core.model.ModelDescription;
import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.EpochClock;
import io.breakwater.agent.core.record.Limits;
import io.breakwater.agent.core.record.ModelIdentity;
import io.breakwater.agent.core.record.Recording;
import io.breakwater.agent.instrumentation.kit.OnnxModel;
import io.breakwater.agent.instrumentation.kit.Points;
import io.breakwater.signals.HistogramSnapshot;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunAdviceTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();
  private static final EpochClock CLOCK = () -> 1_000_000_000L;

  private final Drops drops = new Drops();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Recording recording = recording(true, 64);

  private Recording recording(boolean features, int maxFeatures) {
    CaptureRules rules =
        CaptureRules.of(features, Limits.of(maxFeatures, 50), "service", null, null, List.of());
    return Recording.create(rules, 2, CLOCK, drops, () -> {});
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private OrtSession session(OnnxModel model) throws OrtException {
    OrtSession session = ENVIRONMENT.createSession(model.version(1).bytes());
    open.add(session);
    return session;
  }

  private OnnxTensor floats(float[] values, long... shape) throws OrtException {
    return opened(OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(values), shape));
  }

  private OnnxTensor opened(OnnxTensor tensor) {
    open.add(tensor);
    return tensor;
  }

  /** Runs as the patched method does. */
  private void run(OrtSession session, Map<String, OnnxTensor> inputs) throws OrtException {
    run(session, inputs, session.getOutputNames());
  }

  private void run(OrtSession session, Map<String, OnnxTensor> inputs, Set<String> outputs)
      throws OrtException {
    RunAdvice advice = new RunAdvice(recording.recorder());
    long start = System.nanoTime();
    OrtSession.Result result;
    try {
      result = session.run(inputs, outputs);
    } catch (OrtException e) {
      advice.fail(start, session, inputs, e);
      throw e;
    }
    try (OrtSession.Result unread = result) {
      advice.exit(start, session, inputs, unread);
    }
  }

  private void run(int times, OrtSession session, Map<String, OnnxTensor> inputs)
      throws OrtException {
    for (int i = 0; i < times; i++) {
      run(session, inputs);
    }
  }

  private static String feature(String name) {
    return "ml.inference.feature{ml.feature.name=" + name + "}";
  }

  private static String score(String output) {
    return "ml.inference.score{ml.output.name=" + output + "}";
  }

  private static String predicted(String name) {
    return "ml.inference.predictions{ml.output.class=" + name + "}";
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static OnnxModel identity(int type, int... shape) {
    return OnnxModel.named("identity")
        .input("input", type, shape)
        .node("Identity", "output", "input")
        .output("output", type, shape);
  }

  private void assertNoDrops() {
    for (Drops.Reason reason : Drops.Reason.values()) {
      assertThat(drops.count(reason)).as(reason.label()).isZero();
    }
  }

  @Test
  void oneRow_isACallWithFeaturesScoreAndClass() throws OrtException {
    OrtSession session =
        session(
            OnnxModel.binary(3)
                .metadata("breakwater.model", "credit")
                .metadata("breakwater.version", "7")
                .metadata("breakwater.features", "age,income,debt")
                .metadata("breakwater.classes", "deny,approve"));
    run(200, session, Map.of("input", floats(new float[] {1, 2, -1}, 1, 3)));
    Points points = Points.of(recording);

    assertThat(points.model()).isEqualTo("credit 7");
    assertThat(points.histogram("ml.inference.duration").count()).isEqualTo(200);
    assertThat(points.histogram("ml.inference.duration").sum()).isPositive();
    assertThat(points.histogram("ml.inference.rows").sum()).isEqualTo(200);
    assertThat(points.histogram(feature("age")).sum()).isEqualTo(200);
    assertThat(points.histogram(feature("income")).sum()).isEqualTo(400);
    assertThat(points.histogram(feature("debt")).sum()).isEqualTo(-200);
    assertThat(points.histogram(score("output")).count()).isEqualTo(200);
    assertThat(points.histogram(score("output")).sum() / 200).isCloseTo(logistic(2), within(1e-6));
    assertThat(points.sum(predicted("approve"))).isEqualTo(200);
    assertNoDrops();
  }

  @Test
  void scoresOfAllSizes_areThoseTheCallerSees() throws OrtException {
    OrtSession session = session(OnnxModel.binary(1));
    double expected = 0;
    int calls = 0;
    int positive = 0;
    for (float x = -14; x <= 14; x += 0.05f) {
      run(session, Map.of("input", floats(new float[] {x}, 1, 1)));
      expected += logistic(x);
      calls++;
      positive += x > 0 ? 1 : 0;
    }
    Points points = Points.of(recording);
    HistogramSnapshot scores = points.histogram(score("output"));
    assertThat(scores.count()).isEqualTo(calls);
    assertThat(scores.sum()).isCloseTo(expected, within(1e-4 * expected));
    assertThat(scores.quantile(0.001)).isCloseTo(logistic(-14), within(0.2 * logistic(-14)));
    assertThat(points.sum(predicted("1"))).isEqualTo(positive);
    assertThat(points.sum(predicted("0"))).isEqualTo(calls - positive);
  }

  @Test
  void twoColumnsThatDoNotAddUp_areReadInFull() throws OrtException {
    OrtSession session = session(identity(OnnxModel.FLOAT, OnnxModel.OPEN, 2));
    run(300, session, Map.of("input", floats(new float[] {0.25f, 0.125f}, 1, 2)));
    Points points = Points.of(recording);

    assertThat(points.histogram(score("output")).sum()).isEqualTo(300 * 0.125);
    assertThat(points.sum(predicted("0"))).isEqualTo(300);
  }

  @Test
  void twoColumnsThatStopAddingUp_areFoundOut() throws OrtException {
    OrtSession session = session(identity(OnnxModel.FLOAT, OnnxModel.OPEN, 2));
    run(200, session, Map.of("input", floats(new float[] {0.25f, 0.75f}, 1, 2)));
    run(3_000, session, Map.of("input", floats(new float[] {5, 7}, 1, 2)));
    Points.of(recording);
    run(100, session, Map.of("input", floats(new float[] {5, 7}, 1, 2)));

    assertThat(Points.of(recording).histogram(score("output")).sum()).isEqualTo(700);
  }

  @Test
  void batch_isOneCallAndManyRows() throws OrtException {
    OrtSession session = session(OnnxModel.binary(2));
    float[] rows = {0, 0, 1, 0, 2, 1, 0, -3};
    run(5, session, Map.of("input", floats(rows, 4, 2)));
    Points points = Points.of(recording);

    assertThat(points.histogram("ml.inference.duration").count()).isEqualTo(5);
    assertThat(points.histogram("ml.inference.rows").sum()).isEqualTo(20);
    assertThat(points.histogram(feature("input[0]")).sum()).isEqualTo(15);
    assertThat(points.histogram(feature("input[1]")).sum()).isEqualTo(-10);
    assertThat(points.histogram(score("output")).sum())
        .isCloseTo(5 * (logistic(0) + logistic(1) + logistic(3) + logistic(-3)), within(1e-5));
    assertThat(points.sum(predicted("1"))).isEqualTo(10);
    assertNoDrops();
  }

  @Test
  void largeBatch_isSampledEvenly() throws OrtException {
    OrtSession session = session(identity(OnnxModel.FLOAT, OnnxModel.OPEN, 1));
    int rows = 20_000;
    float[] values = new float[rows];
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      values[i] = i + 1;
      sum += values[i];
    }
    OnnxTensor batch = floats(values, rows, 1);
    for (int i = 0; i < 40; i++) {
      run(session, Map.of("input", batch));
      recording.drain();
    }
    Points points = Points.of(recording);

    assertThat(points.histogram("ml.inference.rows").sum()).isEqualTo(40.0 * rows);
    HistogramSnapshot seen = points.histogram(feature("input"));
    assertThat(seen.count()).isBetween(40L * 1_000, 40L * 2_000);
    assertThat(seen.sum() / seen.count()).isCloseTo(sum / rows, within(0.01 * sum / rows));
    assertThat(points.histogram(score("output")).count()).isEqualTo(seen.count());
  }

  @Test
  void allWaysToMakeATensor_areRead() throws OrtException {
    OrtSession session = session(identity(OnnxModel.FLOAT, OnnxModel.OPEN, 2));
    ByteBuffer bytes = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
    bytes.putFloat(1).putFloat(2).rewind();
    FloatBuffer direct =
        ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder()).asFloatBuffer();
    direct.put(new float[] {9, 9, 1, 2}).position(2);
    List<OnnxTensor> ways =
        List.of(
            floats(new float[] {1, 2}, 1, 2),
            opened(OnnxTensor.createTensor(ENVIRONMENT, new float[][] {{1, 2}})),
            opened(OnnxTensor.createTensor(ENVIRONMENT, direct, new long[] {1, 2})),
            opened(
                OnnxTensor.createTensor(
                    ENVIRONMENT, bytes, new long[] {1, 2}, OnnxJavaType.FLOAT)));
    for (int i = 0; i < 5; i++) {
      for (OnnxTensor way : ways) {
        run(session, Map.of("input", way));
      }
    }
    Points points = Points.of(recording);
    assertThat(points.histogram(feature("input[0]")).sum()).isEqualTo(20);
    assertThat(points.histogram(feature("input[1]")).sum()).isEqualTo(40);
    assertNoDrops();
  }

  @Test
  void outputOfAnotherSession_isReadAsInput() throws OrtException {
    OrtSession first = session(identity(OnnxModel.FLOAT, OnnxModel.OPEN, 1));
    OrtSession second =
        session(
            OnnxModel.named("second")
                .input("x", OnnxModel.FLOAT, OnnxModel.OPEN, 1)
                .node("Identity", "y", "x")
                .output("y", OnnxModel.FLOAT, OnnxModel.OPEN, 1));
    try (OrtSession.Result between = first.run(Map.of("input", floats(new float[] {3}, 1, 1)))) {
      run(10, second, Map.of("x", (OnnxTensor) between.get(0)));
    }
    assertThat(Points.of(recording).histogram(feature("x")).sum()).isEqualTo(30);
  }

  @Test
  void columnsOfDifferentTypes_areFeaturesOfOneRow() throws OrtException {
    OrtSession session =
        session(
            OnnxModel.named("columns")
                .input("age", OnnxModel.INT64, OnnxModel.OPEN, 1)
                .input("income", OnnxModel.DOUBLE, OnnxModel.OPEN)
                .input("member", OnnxModel.BOOL, OnnxModel.OPEN, 1)
                .input("city", OnnxModel.INT32, 1)
                .node("Cast", "to", OnnxModel.FLOAT, "score", "age")
                .node("Identity", "label", "age")
                .output("label", OnnxModel.INT64, OnnxModel.OPEN, 1)
                .output("score", OnnxModel.FLOAT, OnnxModel.OPEN, 1));
    long large = (1L << 40) + 1;
    Map<String, OnnxTensor> row =
        Map.of(
            "age",
            opened(
                OnnxTensor.createTensor(
                    ENVIRONMENT, LongBuffer.wrap(new long[] {3}), new long[] {1, 1})),
            "income",
            opened(OnnxTensor.createTensor(ENVIRONMENT, new double[] {large})),
            "member",
            opened(OnnxTensor.createTensor(ENVIRONMENT, new boolean[][] {{true}})),
            "city",
            opened(OnnxTensor.createTensor(ENVIRONMENT, new int[] {-5})));
    run(10, session, row);
    Points points = Points.of(recording);

    assertThat(points.histogram(feature("age")).sum()).isEqualTo(30);
    assertThat(points.histogram(feature("income")).sum()).isEqualTo(10.0 * large);
    assertThat(points.histogram(feature("member")).sum()).isEqualTo(10);
    assertThat(points.histogram(feature("city")).sum()).isEqualTo(-50);
    assertThat(points.histogram(score("score")).sum()).isEqualTo(30);
    assertThat(points.sum(predicted("3"))).isEqualTo(10);
    assertThat(points.hasHistogram(score("label"))).isFalse();
    assertNoDrops();
  }

  @Test
  void moreThanTwoClasses_scoreIsTheGreatest() throws OrtException {
    OrtSession session = session(identity(OnnxModel.FLOAT, OnnxModel.OPEN, 3));
    run(10, session, Map.of("input", floats(new float[] {0.25f, 0.5f, 0.25f}, 1, 3)));
    Points points = Points.of(recording);

    assertThat(points.histogram(score("output")).sum()).isEqualTo(5);
    assertThat(points.sum(predicted("1"))).isEqualTo(10);
  }

  @Test
  void singleNumbers_areARow() throws OrtException {
    OrtSession session = session(identity(OnnxModel.FLOAT));
    run(10, session, Map.of("input", opened(OnnxTensor.createTensor(ENVIRONMENT, 2.5f))));
    Points points = Points.of(recording);

    assertThat(points.histogram(feature("input")).sum()).isEqualTo(25);
    assertThat(points.histogram(score("output")).sum()).isEqualTo(25);
  }

  @Test
  void outputNobodyAskedFor_isNotRecorded() throws OrtException {
    OrtSession session =
        session(
            OnnxModel.named("two")
                .input("input", OnnxModel.FLOAT, OnnxModel.OPEN, 1)
                .node("Identity", "a", "input")
                .node("Neg", "b", "input")
                .output("a", OnnxModel.FLOAT, OnnxModel.OPEN, 1)
                .output("b", OnnxModel.FLOAT, OnnxModel.OPEN, 1));
    run(session, Map.of("input", floats(new float[] {1}, 1, 1)), Set.of("b"));
    Points points = Points.of(recording);

    assertThat(points.hasHistogram(score("a"))).isFalse();
    assertThat(points.histogram(score("b")).sum()).isEqualTo(-1);
    assertNoDrops();
  }

  @Test
  void nanAndInfinity_areMissingAndOutOfRange() throws OrtException {
    OrtSession session = session(identity(OnnxModel.FLOAT, OnnxModel.OPEN, 1));
    float[] rows = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1, 1, 1};
    run(2, session, Map.of("input", floats(rows, 6, 1)));
    Points points = Points.of(recording);

    assertThat(points.histogram(feature("input")).count()).isEqualTo(6);
    assertThat(points.sum("ml.inference.feature.missing{ml.feature.name=input}")).isEqualTo(2);
    assertThat(points.sum("ml.inference.feature.missing{ml.output.name=output}")).isEqualTo(2);
    String outOfRange = "ml.inference.out_of_range{ml.feature.name=input}{ml.range=";
    assertThat(points.sum(outOfRange + "high}")).isEqualTo(2);
    assertThat(points.sum(outOfRange + "low}")).isEqualTo(2);
  }

  @Test
  void probabilitiesOfNan_areMissingAndNoClass() throws OrtException {
    OrtSession session = session(OnnxModel.binary(1));
    run(100, session, Map.of("input", floats(new float[] {Float.NaN}, 1, 1)));
    Points points = Points.of(recording);

    assertThat(points.sum("ml.inference.feature.missing{ml.output.name=output}")).isEqualTo(100);
    assertThat(points.sum(predicted("0")) + points.sum(predicted("1"))).isZero();
  }

  @Test
  void callThatThrows_isOneErrorOfItsClass() throws OrtException {
    OrtSession session = session(OnnxModel.binary(3));
    OnnxTensor wrong = floats(new float[] {1, 2}, 1, 2);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> run(session, Map.of("input", wrong)))
          .isInstanceOf(OrtException.class);
    }
    run(2, session, Map.of("input", floats(new float[] {1, 2, 3}, 1, 3)));
    Points points = Points.of(recording);

    assertThat(
            points
                .histogram("ml.inference.duration{error.type=ai.onnxruntime.OrtException}")
                .count())
        .isEqualTo(3);
    assertThat(points.histogram("ml.inference.duration").count()).isEqualTo(2);
  }

  @Test
  void columnsLeftOpen_areThoseOfTheFirstCallThatSucceeds_othersAreCountedOnly()
      throws OrtException {
    OrtSession session =
        session(
            OnnxModel.named("open")
                .input("input", OnnxModel.FLOAT, OnnxModel.OPEN, OnnxModel.OPEN)
                .floats("weights", new float[] {1, 1}, 2, 1)
                .node("MatMul", "output", "input", "weights")
                .output("output", OnnxModel.FLOAT, OnnxModel.OPEN, 1));
    assertThatThrownBy(() -> run(session, Map.of("input", floats(new float[] {1, 2, 3}, 1, 3))))
        .isInstanceOf(OrtException.class);
    run(10, session, Map.of("input", floats(new float[] {1, 2}, 1, 2)));
    Points points = Points.of(recording);
    assertThat(points.histogram(feature("input[1]")).sum()).isEqualTo(20);
    assertNoDrops();

    OrtSession any = session(identity(OnnxModel.FLOAT, OnnxModel.OPEN, OnnxModel.OPEN));
    run(10, any, Map.of("input", floats(new float[] {1, 2}, 1, 2)));
    run(4, any, Map.of("input", floats(new float[] {1, 2, 3}, 1, 3)));
    points = Points.of(recording);
    assertThat(points.histogram("ml.inference.duration").count()).isEqualTo(14);
    assertThat(points.histogram(feature("input[0]")).count()).isEqualTo(10);
    assertThat(drops.count(Drops.Reason.SHAPE)).isEqualTo(4);
  }

  @Test
  void imagesAndText_areCallsWithoutFeatures() throws OrtException {
    OrtSession image = session(identity(OnnxModel.FLOAT, OnnxModel.OPEN, 2, 2));
    run(image, Map.of("input", floats(new float[8], 2, 2, 2)));
    Points points = Points.of(recording);
    assertThat(points.histogram("ml.inference.rows").sum()).isEqualTo(2);
    assertThat(points.histograms()).containsOnlyKeys("ml.inference.duration", "ml.inference.rows");
    assertThat(drops.count(Drops.Reason.UNSUPPORTED)).isEqualTo(1);

    OrtSession text = session(identity(OnnxModel.STRING, OnnxModel.OPEN));
    run(text, Map.of("input", opened(OnnxTensor.createTensor(ENVIRONMENT, new String[] {"a"}))));
    assertThat(Points.of(recording).histogram("ml.inference.duration").count()).isEqualTo(1);
    assertThat(drops.count(Drops.Reason.UNSUPPORTED)).isEqualTo(2);
  }

  @Test
  void moreColumnsThanTheLimit_shareOther() throws OrtException {
    recording = recording(true, 2);
    OrtSession session = session(identity(OnnxModel.FLOAT, OnnxModel.OPEN, 5));
    run(200, session, Map.of("input", floats(new float[] {1, 2, 10, 10, 10}, 1, 5)));
    Points points = Points.of(recording);

    assertThat(points.histogram(feature("input[1]")).sum()).isEqualTo(400);
    assertThat(points.histogram(feature("other")).sum()).isEqualTo(2000);
    assertThat(points.hasHistogram(feature("input[2]"))).isFalse();
    assertThat(drops.count(Drops.Reason.FEATURES_OVER_LIMIT)).isEqualTo(400);
  }

  @Test
  void featuresSwitchedOff_leaveRowsScoresAndLatency() throws OrtException {
    recording = recording(false, 64);
    OrtSession session = session(OnnxModel.binary(2));
    run(20, session, Map.of("input", floats(new float[4], 2, 2)));
    Points points = Points.of(recording);

    assertThat(points.histogram("ml.inference.rows").sum()).isEqualTo(40);
    assertThat(points.histogram(score("output")).count()).isEqualTo(40);
    assertThat(points.histograms().keySet()).noneMatch(key -> key.contains("feature"));
  }

  @Test
  void callWithinAnInferenceOfOwnCode_suppliesItsFeaturesOnly() throws OrtException {
    OrtSession session = session(OnnxModel.binary(1));
    Enclosing enclosing =
        Enclosing.open(ModelDescription.of(ModelIdentity.of("own", "9", "")), false);
    try {
      run(10, session, Map.of("input", floats(new float[] {2}, 1, 1)));
      assertThatThrownBy(() -> run(session, Map.of("input", floats(new float[] {1, 2}, 1, 2))))
          .isInstanceOf(OrtException.class);
    } finally {
      enclosing.close();
    }
    Points points = Points.of(recording);
    assertThat(points.model()).isEqualTo("own 9");
    assertThat(points.histograms()).containsOnlyKeys(feature("input"));

    run(10, session, Map.of("input", floats(new float[] {2}, 1, 1)));
    assertThat(Points.of(recording).histogram("ml.inference.duration").count()).isEqualTo(10);
  }

  @Test
  void recording_allocatesNothing() throws OrtException {
    OrtSession session = session(OnnxModel.binary(30));
    Map<String, OnnxTensor> inputs = Map.of("input", floats(new float[30], 1, 30));
    RunAdvice advice = new RunAdvice(recording.recorder());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    try (OrtSession.Result result = session.run(inputs)) {
      for (int round = 0; round < 100; round++) {
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < 500; i++) {
          advice.exit(System.nanoTime(), session, inputs, result);
        }
        least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        recording.drain();
      }
    }
    assertThat(least).isZero();
    assertNoDrops();
  }

  @Test
  void everyPrivateMember_isFoundInThisVersion() {
    assertThat(LibraryMembers.BUFFER).isNotNull();
    assertThat(LibraryMembers.SHAPE).isNotNull();
    assertThat(LibraryMembers.RESULT_MAP).isNotNull();
    assertThat(LibraryMembers.FIRST_FLOAT).isNotNull();
    assertThat(LibraryMembers.NATIVE_BUFFER).isNotNull();
    assertThat(LibraryMembers.HANDLE).isNotNull();
    assertThat(LibraryMembers.API).isNotZero();
  }
}
