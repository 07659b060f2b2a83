package io.breakwater.agent.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.breakwater.agent.core.instrument.Enclosing;
import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.CategoryNames;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.Limits;
import io.breakwater.agent.core.record.ModelIdentity;
import io.breakwater.agent.core.record.Recording;
import io.breakwater.agent.core.record.Schema;
import io.breakwater.agent.core.record.TestSink;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModelCallsTest {
  private final Drops drops = new Drops();
  private Recording recording = recording(true, 64);
  private final Calls calls = new Calls();
  private final Table model = new Table(Map.of("breakwater.model", "credit"), "7", 2, 1);

  private Recording recording(boolean features, int maxFeatures) {
    CaptureRules rules =
        CaptureRules.of(features, Limits.of(maxFeatures, 50), "service", null, null, List.of())
            .withCategories(CategoryNames.of(feature -> true, feature -> true, ""));
    return Recording.create(rules, 2, () -> 1_000_000_000L, drops, () -> {});
  }

  /** A library's model: answers rows with rows. */
  private static final class Table {
    final Map<String, String> metadata;
    final String version;
    final int columns;
    final int outputs;

    Table(Map<String, String> metadata, String version, int columns, int outputs) {
      this.metadata = metadata;
      this.version = version;
      this.columns = columns;
      this.outputs = outputs;
    }
  }

  private static final class Calls extends ModelCalls<Table, double[][], double[][]> {
    int described;
    @Nullable Exception unreadable;

    Calls() {
      super("tables");
    }

    @Override
    protected void describe(Table model, ModelDescription.Builder description) {
      described++;
      description.metadata(model.metadata).version(model.version);
    }

    @Override
    protected RowReader<double[][], double[][]> reader(
        Table model, ModelDescription description, double[][] input, double[][] output)
        throws Exception {
      if (unreadable != null) {
        throw unreadable;
      }
      return new Reader(model.columns, model.outputs);
    }
  }

  private static final class Reader extends RowReader<double[][], double[][]> {
    private final int columns;
    private final int outputs;

    Reader(int columns, int outputs) {
      this.columns = columns;
      this.outputs = outputs;
    }

    @Override
    public int columns() {
      return columns;
    }

    @Override
    public String columnName(int column) {
      return "f" + column;
    }

    @Override
    public List<String> categorical() {
      return List.of("sign");
    }

    @Override
    public List<Schema.Output> outputs() {
      return outputs < 4
          ? List.of(Schema.Output.of("score", List.of("deny", "approve")))
          : List.of(Schema.Output.of("low", List.of()), Schema.Output.of("high", List.of()));
    }

    @Override
    public boolean needsDouble() {
      return true;
    }

    @Override
    public int rows(double[][] input, double[][] output) {
      return input.length;
    }

    @Override
    public boolean fits(double[][] input, double[][] output) {
      return input[0].length == columns;
    }

    @Override
    public double feature(double[][] input, int row, int column) {
      return input[row][column];
    }

    @Override
    public @Nullable String category(double[][] input, int row, int column) {
      return Double.isNaN(input[row][0]) ? null : input[row][0] < 0 ? "minus" : "plus";
    }

    @Override
    public int outputColumns(double[][] input, double[][] output) {
      return output[0].length;
    }

    @Override
    public double output(double[][] input, double[][] output, int row, int column) {
      return output[row][column];
    }
  }

  private void call(int times, double[][] input, double[][] output) {
    for (int i = 0; i < times; i++) {
      calls.succeeded(recording.recorder(), model, 1_000, input, output);
    }
  }

  private TestSink flushed() {
    TestSink sink = new TestSink();
    recording.flushOutcomes(sink, 2_000_000_000L);
    recording.flushFeatures(sink, 2_000_000_000L);
    return sink;
  }

  private static String[] feature(String name) {
    return new String[] {"ml.inference.feature{", "{ml.feature.name=" + name + "}"};
  }

  private static String[] predicted(String name) {
    return new String[] {"ml.inference.predictions", "{ml.output.class=" + name + "}"};
  }

  private static final String[] SCORE = {"ml.inference.score{", "{ml.output.name=score}"};

  @Test
  void callWhoseArgumentsCannotBeRead_isOverNevertheless() {
    PredictAdvice<Table, double[][], double[][]> advice =
        new PredictAdvice<>(
            recording.recorder(), calls, PredictAdvice.Nesting.FEATURES_FROM_WITHIN) {
          @Override
          protected Table model(Object self, @Nullable Object[] arguments) {
            return model;
          }

          @Override
          protected double[][] input(@Nullable Object[] arguments, @Nullable Object result) {
            return (double[][]) arguments[0];
          }

          @Override
          protected double[][] output(@Nullable Object[] arguments, @Nullable Object result) {
            return new double[1][1];
          }
        };
    Object call = advice.enter(model, new Object[] {"no rows"});
    assertThat(Enclosing.current()).isNotNull();

    assertThatThrownBy(() -> advice.exit(call, null)).isInstanceOf(ClassCastException.class);

    assertThat(Enclosing.current()).isNull();
  }

  @Test
  void call_isRecordedWithRowsFeaturesAndScore() {
    call(20, new double[][] {{1, -2}, {3, -4}}, new double[][] {{0.25}, {0.5}});
    TestSink points = flushed();

    assertThat(points.count("duration", "{ml.model.name=credit}{ml.model.version=7}"))
        .isEqualTo(20);
    assertThat(points.count("ml.inference.duration")).isEqualTo(20);
    assertThat(points.sum("ml.inference.rows")).isEqualTo(40);
    assertThat(points.sum(feature("f0"))).isEqualTo(80);
    assertThat(points.sum(feature("f1"))).isEqualTo(-120);
    assertThat(points.sum(SCORE)).isEqualTo(15);
    assertThat(points.sum("{ml.feature.name=sign}", "{ml.feature.category=plus}")).isEqualTo(40);
    assertThat(calls.described).isEqualTo(1);
  }

  @Test
  void ofTwoOutputs_theSecondIsTheScore_ofMoreTheGreatest() {
    call(10, new double[][] {{1, 2}}, new double[][] {{0.75, 0.25}});
    TestSink two = flushed();
    assertThat(two.sum(SCORE)).isEqualTo(2.5);
    assertThat(two.sum(predicted("deny"))).isEqualTo(10);

    call(10, new double[][] {{1, 2}}, new double[][] {{0.25, 0.625, 0.125}});
    TestSink three = flushed();
    assertThat(three.sum(SCORE)).isEqualTo(6.25);
    assertThat(three.sum(predicted("approve"))).isEqualTo(10);
  }

  @Test
  void severalOutputs_areANumberEach() {
    Table regression = new Table(Map.of(), "1", 2, 4);
    for (int i = 0; i < 10; i++) {
      calls.succeeded(
          recording.recorder(), regression, 1, new double[][] {{1, 2}}, new double[][] {{5, 9}});
    }
    TestSink points = flushed();

    assertThat(points.sum("ml.inference.score{", "{ml.output.name=low}")).isEqualTo(50);
    assertThat(points.sum("ml.inference.score{", "{ml.output.name=high}")).isEqualTo(90);
  }

  @Test
  void rowWithANaN_hasNoScoreAndNoClass() {
    call(10, new double[][] {{Double.NaN, 2}}, new double[][] {{0.25, Double.NaN, 0.5}});
    TestSink points = flushed();

    assertThat(points.sum("ml.inference.feature.missing", "=f0}")).isEqualTo(10);
    assertThat(points.sum("ml.inference.feature.missing", "{ml.output.name=score}")).isEqualTo(10);
    assertThat(points.sum(predicted("approve"))).isZero();
  }

  @Test
  void failure_isAnErrorAndNoRow() {
    calls.failed(recording.recorder(), model, 1_000, new IllegalStateException());
    TestSink points = flushed();

    assertThat(
            points.count("ml.inference.duration", "{error.type=java.lang.IllegalStateException}"))
        .isEqualTo(1);
    assertThat(points.count("ml.inference.rows")).isZero();
  }

  @Test
  void callWithOtherColumns_isCountedWithoutValues() {
    call(10, new double[][] {{1, 2}}, new double[][] {{1}});
    call(10, new double[][] {{1, 2, 3}}, new double[][] {{1}});
    TestSink points = flushed();

    assertThat(points.count("ml.inference.duration")).isEqualTo(20);
    assertThat(points.count(feature("f0"))).isEqualTo(10);
    assertThat(drops.count(Drops.Reason.SHAPE)).isEqualTo(10);
  }

  @Test
  void callThatCannotBeRead_isCountedAllTheSame() {
    calls.unreadable = new Exception("another version");
    call(5, new double[][] {{1, 2}}, new double[][] {{1}});

    assertThat(flushed().count("ml.inference.duration")).isEqualTo(5);
    assertThat(drops.count(Drops.Reason.UNREADABLE)).isEqualTo(1);
  }

  @Test
  void columnsBeyondTheLimit_areDrawnAtRandom() {
    recording = recording(true, 1);
    call(300, new double[][] {{1, 5}}, new double[][] {{1}});
    TestSink points = flushed();

    assertThat(points.sum(feature("f0"))).isEqualTo(300);
    assertThat(points.sum(feature("other"))).isEqualTo(1500);
  }

  @Test
  void featuresSwitchedOff_leaveScoreRowsAndLatency() {
    recording = recording(false, 64);
    call(10, new double[][] {{1, 5}}, new double[][] {{1}});
    TestSink points = flushed();

    assertThat(points.count(SCORE)).isEqualTo(10);
    assertThat(points.count("feature")).isZero();
  }

  @Test
  void largeCall_isSampledByRows() {
    double[][] rows = new double[10_000][];
    double[][] answers = new double[10_000][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new double[] {i, 0};
      answers[i] = new double[] {1};
    }
    call(40, rows, answers);
    TestSink points = flushed();
    long recorded = points.count(feature("f0"));

    assertThat(points.sum("ml.inference.rows")).isEqualTo(400_000);
    assertThat(recorded).isBetween(40L * 300, 40L * 512);
    assertThat(points.sum(feature("f0")) / recorded).isBetween(4_900.0, 5_100.0);
  }

  @Test
  void callWithinAnother_suppliesFeaturesOnly() {
    Enclosing outer =
        Enclosing.open(ModelDescription.of(ModelIdentity.of("outer", "1", "djl")), false);
    try {
      call(10, new double[][] {{1, 2}}, new double[][] {{1}});
      calls.failed(recording.recorder(), model, 1, new IllegalStateException());
      assertThat(outer.isSupplied()).isTrue();
    } finally {
      outer.close();
    }
    TestSink points = flushed();

    assertThat(points.count("ml.inference.feature{", "{ml.model.name=outer}")).isEqualTo(20);
    assertThat(points.count("{ml.model.name=outer}", "ml.framework=djl")).isEqualTo(30);
    assertThat(points.count("{ml.model.name=credit}")).isZero();
  }

  @Test
  void callThatReadsTheFeaturesItself_takesNoneFromWithin() {
    double[][] input = {{1, 2}};
    double[][] output = {{1}};
    Enclosing outer = calls.enclose(recording.recorder(), model, true);
    Enclosing inner = calls.enclose(recording.recorder(), model, false);
    call(10, input, output);
    calls.succeeded(recording.recorder(), model, 1, inner, input, output);
    calls.succeeded(recording.recorder(), model, 1, outer, input, output);

    assertThat(outer.isSupplied()).isFalse();
    assertThat(flushed().count("ml.inference.duration")).isEqualTo(1);
  }

  @Test
  void callsOfOneModelWithinAnother_areOneCall() {
    Table part = new Table(Map.of("breakwater.model", "part"), "1", 2, 1);
    double[][] input = {{1, 2}};
    double[][] output = {{1}};
    for (int i = 0; i < 10; i++) {
      Enclosing outer = calls.enclose(recording.recorder(), model, false);
      Enclosing inner = calls.enclose(recording.recorder(), part, false);
      calls.succeeded(recording.recorder(), part, 1, inner, input, output);
      calls.succeeded(recording.recorder(), model, 1, outer, input, output);
    }
    TestSink points = flushed();

    assertThat(points.count("ml.inference.duration")).isEqualTo(10);
    assertThat(points.count(feature("f0"))).isEqualTo(10);
    assertThat(points.count("{ml.model.name=part}")).isZero();
    assertThat(Enclosing.current()).isNull();
  }

  @Test
  void recording_allocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    double[][] input = {{1, 2}};
    double[][] output = {{0.25, 0.75}};
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 100; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      call(500, input, output);
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
      recording.drain();
    }
    assertThat(least).isZero();
  }
}
