package io.breakwater.examples.router;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * Chooses a version for each request so that a {@link Split} comes about. Called by many threads.
 */
interface Spread {
  String next();

  /** The ways to choose. */
  enum Kind {
    /** Each request on its own, at random. */
    RANDOM,
    /** Evenly in turn: any run of requests is as close to the split as whole requests can be. */
    SMOOTH;

    Spread over(Split split) {
      return this == RANDOM
          ? new RandomSpread(split, () -> ThreadLocalRandom.current().nextDouble())
          : new SmoothSpread(split);
    }
  }

  /** Draws from the split. */
  final class RandomSpread implements Spread {
    private final String[] versions;
    private final double[] upTo;
    private final DoubleSupplier random;

    RandomSpread(Split split, DoubleSupplier random) {
      this.versions = positive(split);
      this.upTo = new double[versions.length];
      this.random = random;
      double sum = 0;
      for (int i = 0; i < versions.length; i++) {
        sum += weight(split, versions[i]);
        upTo[i] = sum;
      }
    }

    @Override
    public String next() {
      double drawn = random.getAsDouble() * upTo[upTo.length - 1];
      int i = 0;
      while (i < upTo.length - 1 && drawn >= upTo[i]) {
        i++;
      }
      return versions[i];
    }
  }

  /**
   * Smooth weighted round robin: each turn every version is credited its weight, the one with the
   * most credit is chosen and pays for the whole turn.
   */
  final class SmoothSpread implements Spread {
    private final String[] versions;
    private final double[] weights;
    private final double[] credit;

    SmoothSpread(Split split) {
      this.versions = positive(split);
      this.weights = new double[versions.length];
      this.credit = new double[versions.length];
      for (int i = 0; i < versions.length; i++) {
        weights[i] = weight(split, versions[i]);
      }
    }

    @Override
    public synchronized String next() {
      int chosen = 0;
      double total = 0;
      for (int i = 0; i < versions.length; i++) {
        credit[i] += weights[i];
        total += weights[i];
        if (credit[i] > credit[chosen]) {
          chosen = i;
        }
      }
      credit[chosen] -= total;
      return versions[chosen];
    }
  }

  private static String[] positive(Split split) {
    return split.weights().entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .map(java.util.Map.Entry::getKey)
        .toArray(String[]::new);
  }

  private static double weight(Split split, String version) {
    return split.weights().getOrDefault(version, 0.0);
  }
}
