package io.breakwater.examples.scoring;

import java.util.Arrays;

/** The exact two-sample Kolmogorov-Smirnov distance, ties included. */
final class KolmogorovSmirnov {
  private KolmogorovSmirnov() {}

  /** Largest difference of the two empirical distribution functions. */
  static double distance(double[] first, double[] second) {
    double[] x = first.clone();
    double[] y = second.clone();
    Arrays.sort(x);
    Arrays.sort(y);
    double distance = 0;
    int i = 0;
    int j = 0;
    while (i < x.length && j < y.length) {
      double value = Math.min(x[i], y[j]);
      while (i < x.length && x[i] <= value) {
        i++;
      }
      while (j < y.length && y[j] <= value) {
        j++;
      }
      distance = Math.max(distance, Math.abs((double) i / x.length - (double) j / y.length));
    }
    return distance;
  }
}
