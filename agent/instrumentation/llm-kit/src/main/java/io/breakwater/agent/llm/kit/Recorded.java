package io.breakwater.agent.llm.kit;

import io.breakwater.agent.core.instrument.AroundAdvice;
import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.Labels;
import io.breakwater.agent.core.record.Limits;
import io.breakwater.agent.core.record.PointSink;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.agent.core.record.Recording;
import io.breakwater.signals.HistogramSnapshot;
import io.breakwater.signals.Metric;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A recording, and what it would send, as texts. */
public final class Recorded implements PointSink {
  private final Drops drops = new Drops();
  private final Recording recording;
  private final Map<String, Long> counts = new TreeMap<>();
  private final Map<String, Double> sums = new TreeMap<>();

  private Recorded(CaptureRules rules) {
    this.recording = Recording.create(rules, 2, () -> 1_000_000_000L, drops, () -> {});
  }

  /** An empty one, with the usual rules. */
  public static Recorded create() {
    return create(rules -> rules);
  }

  /** An empty one, with other rules. */
  public static Recorded create(UnaryOperator<CaptureRules> changes) {
    return new Recorded(
        changes.apply(CaptureRules.of(true, Limits.of(64, 50), "service", null, null, List.of())));
  }

  /** The side of those who record. */
  public Recorder recorder() {
    return recording.recorder();
  }

  /** Counts of what was not recorded. */
  public Drops drops() {
    return drops;
  }

  /**
   * Calls a method as it is called when it is patched.
   *
   * @param method given the arguments as the advice left them
   */
  public static @Nullable Object call(
      AroundAdvice advice, Object self, @Nullable Object[] arguments, Callable<?> method)
      throws Exception {
    Object call = advice.enter(self, arguments);
    Object result;
    try {
      result = method.call();
    } catch (Exception | Error e) {
      if (call != null) {
        advice.fail(call, e);
      }
      throw e;
    }
    return call == null ? result : advice.exit(call, result);
  }

  /** Takes in what was recorded since the last time. */
  public Recorded flush() {
    recording.flushOutcomes(this, 2_000_000_000L);
    recording.flushFeatures(this, 2_000_000_000L);
    return this;
  }

  @Override
  public void histogram(Metric metric, Labels labels, HistogramSnapshot values, long startNanos) {
    counts.merge(key(metric, labels), values.count(), Long::sum);
    sums.merge(key(metric, labels), values.sum(), Double::sum);
  }

  @Override
  public void sum(Metric metric, Labels labels, long count, long startNanos) {
    counts.merge(key(metric, labels), count, Long::sum);
  }

  /** {@code metric{model version}{label=value}...}. */
  private static String key(Metric metric, Labels labels) {
    Map<String, String> texts = new TreeMap<>();
    labels.entries().forEach(each -> texts.put(each.getKey(), each.getValue().toString()));
    StringBuilder key = new StringBuilder(metric.name());
    key.append('{').append(texts.remove("ml.model.name"));
    key.append(' ').append(texts.remove("ml.model.version")).append('}');
    texts.remove("ml.framework");
    texts.forEach(
        (name, value) -> key.append('{').append(name).append('=').append(value).append('}'));
    return key.toString();
  }

  /** How many values or predictions there are whose key has all these parts. */
  public long count(String... parts) {
    return (long) total(counts, parts);
  }

  /** The sum of the values whose key has all these parts. */
  public double sum(String... parts) {
    return total(sums, parts);
  }

  private static double total(Map<String, ? extends Number> values, String... parts) {
    double total = 0;
    for (Map.Entry<String, ? extends Number> each : values.entrySet()) {
      boolean all = true;
      for (String part : parts) {
        all &= each.getKey().contains(part);
      }
      total += all ? each.getValue().doubleValue() : 0;
    }
    return total;
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
