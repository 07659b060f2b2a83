package io.breakwater.collector.http;

import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.distance.Distances;
import io.breakwater.engine.distance.Distances.Distance;
import io.breakwater.engine.reference.Reference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A distance of a signal from its reference, as it is shown.
 *
 * @param name {@code psi}, {@code js_distance}, {@code ks} or {@code wasserstein_norm}
 * @param floor what it reaches without drift, for so few rows
 * @param usualThreshold what people usually compare it with
 */
record Statistic(String name, double value, double floor, double usualThreshold) {
  private static final double PSI = 0.2;
  private static final double OTHERS = 0.1;

  /** Whether there are rows enough to compare it with the usual threshold. */
  boolean hasEnoughRows() {
    return usualThreshold > floor;
  }

  /** Those there are; none without a reference, without values, or of another kind. */
  static List<Statistic> between(@Nullable Reference normal, @Nullable Distribution now) {
    if (normal == null || now == null || normal.values() instanceof Names != now instanceof Names) {
      return List.of();
    }
    Distances distances = Distances.between(normal, now);
    List<Statistic> all = new ArrayList<>();
    add(all, "psi", distances.psi(), PSI);
    add(all, "js_distance", distances.jensenShannon(), OTHERS);
    add(all, "ks", distances.kolmogorovSmirnov(), OTHERS);
    add(all, "wasserstein_norm", distances.wasserstein(), OTHERS);
    return all;
  }

  private static void add(List<Statistic> all, String name, Distance distance, double threshold) {
    if (!Double.isNaN(distance.value())) {
      all.add(new Statistic(name, distance.value(), distance.floor(), threshold));
    }
  }
}
