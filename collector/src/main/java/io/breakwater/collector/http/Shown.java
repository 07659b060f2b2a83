package io.breakwater.collector.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.HistogramSnapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Distributions as the API shows them: quantiles or shares, and a histogram of few buckets. */
final class Shown {
  private static final double[] QUANTILES = {0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99};
  private static final double HALF = 0.5;
  private static final int MAX_BUCKETS = 40;
  private static final int MAX_NAMES = 100;

  private Shown() {}

  /** Everything there is to show. */
  static ObjectNode distribution(Distribution values) {
    ObjectNode json = Answers.object().put("rows", values.rows()).put("missing", values.missing());
    if (values instanceof Numbers numbers) {
      ObjectNode quantiles = json.putObject("quantiles");
      for (double q : QUANTILES) {
        put(quantiles, percentile(q), quantile(numbers, q));
      }
      json.set("histogram", histogram(numbers.values()));
    } else if (values instanceof Names names) {
      json.set("shares", shares(names));
    }
    return json;
  }

  /** {@code p50} and so on. */
  static String percentile(double q) {
    return "p" + Math.round(q * 100);
  }

  /** Puts a number that JSON can say. */
  static void put(ObjectNode json, String key, double value) {
    if (Double.isFinite(value)) {
      json.put(key, value);
    } else {
      json.putNull(key);
    }
  }

  /** The quantile; of scores above one half by their complement, which resolves them. */
  static double quantile(Numbers numbers, double q) {
    double value = quantile(numbers.values(), q);
    Sketch complement = numbers.complement();
    if (complement == null || !(value > HALF) || complement.count() != numbers.values().count()) {
      return value;
    }
    long count = complement.count();
    long rank = Math.max(1, (long) Math.ceil(q * count));
    return 1 - quantile(complement, (count - rank + 1) / (double) count);
  }

  /**
   * The quantile as far as the buckets tell: within the window the middle of a bucket, beyond it
   * the window's end; NaN without values.
   */
  private static double quantile(Sketch values, double q) {
    long count = values.count();
    if (count == 0) {
      return Double.NaN;
    }
    long rank = Math.max(1, (long) Math.ceil(q * count));
    HistogramSnapshot inside = together(values);
    long low = outside(values, true);
    if (rank <= low || (inside == null && low > 0)) {
      return bound(values, true);
    }
    if (inside == null || rank > low + inside.count()) {
      return bound(values, false);
    }
    return inside.quantile((rank - low) / (double) inside.count());
  }

  private static @Nullable HistogramSnapshot together(Sketch values) {
    return values.parts().stream().reduce(HistogramSnapshot::merge).orElse(null);
  }

  private static long outside(Sketch values, boolean low) {
    return values.outside().stream()
        .filter(one -> one.low() == low)
        .mapToLong(Outside::count)
        .sum();
  }

  private static double bound(Sketch values, boolean low) {
    return values.outside().stream()
        .filter(one -> one.low() == low)
        .mapToDouble(Outside::bound)
        .max()
        .orElse(Double.NaN);
  }

  /** The most frequent names with their shares of the rows that have one. */
  static ObjectNode shares(Names names) {
    ObjectNode json = Answers.object();
    double all = Math.max(1, names.rows() - names.missing());
    names.counts().entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MAX_NAMES)
        .forEach(entry -> json.put(entry.getKey(), entry.getValue() / all));
    return json;
  }

  /** Buckets in ascending order, coarse enough to be few, and what lies outside the windows. */
  private static ObjectNode histogram(Sketch values) {
    ObjectNode json = Answers.object();
    ArrayNode buckets = json.putArray("buckets");
    HistogramSnapshot inside = together(values);
    if (inside != null) {
      addBuckets(buckets, few(inside));
    }
    ArrayNode outside = json.putArray("outside");
    for (Outside one : values.outside()) {
      ObjectNode beyond = outside.addObject().put("side", one.low() ? "low" : "high");
      put(beyond, "bound", one.bound());
      beyond.put("count", one.count());
    }
    return json;
  }

  private static HistogramSnapshot few(HistogramSnapshot values) {
    HistogramSnapshot few = values;
    while (few.positive().size() + few.negative().size() > MAX_BUCKETS
        && few.scale() > BucketIndex.MIN_SCALE) {
      few = few.atScale(few.scale() - 1);
    }
    return few;
  }

  private static void addBuckets(ArrayNode buckets, HistogramSnapshot values) {
    BucketIndex index = BucketIndex.ofScale(values.scale());
    for (int i = values.negative().size() - 1; i >= 0; i--) {
      int bucket = values.negative().offset() + i;
      add(
          buckets,
          -index.upperBound(bucket),
          -index.lowerBound(bucket),
          values.negative().count(i));
    }
    add(buckets, -values.zeroThreshold(), values.zeroThreshold(), values.zeroCount());
    for (int i = 0; i < values.positive().size(); i++) {
      int bucket = values.positive().offset() + i;
      add(buckets, index.lowerBound(bucket), index.upperBound(bucket), values.positive().count(i));
    }
  }

  private static void add(ArrayNode buckets, double above, double upTo, long count) {
    if (count > 0) {
      buckets.addObject().put("above", above).put("upTo", upTo).put("count", count);
    }
  }

  /** The signals' kinds in words. */
  static String kind(Distribution values) {
    return values instanceof Names ? "names" : "numbers";
  }

  /** The quantiles that lists show. */
  static List<Double> shortQuantiles() {
    return List.of(0.5, 0.9);
  }
}
