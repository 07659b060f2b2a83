package io.breakwater.engine.sim;

import java.util.SplittableRandom;

/** Poisson numbers by inversion of a table; exact to the double's precision. */
final class Poisson {
  private final double[] cumulated;

  Poisson(double mean) {
    int size = (int) (mean + 12 * Math.sqrt(mean) + 20);
    cumulated = new double[size];
    double p = Math.exp(-mean);
    double sum = 0;
    for (int k = 0; k < size; k++) {
      sum += p;
      cumulated[k] = sum;
      p *= mean / (k + 1);
    }
  }

  int next(SplittableRandom random) {
    double u = random.nextDouble();
    int k = 0;
    while (k < cumulated.length - 1 && u > cumulated[k]) {
      k++;
    }
    return k;
  }
}
