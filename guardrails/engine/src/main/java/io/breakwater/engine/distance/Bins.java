package io.breakwater.engine.distance;

import io.breakwater.engine.Distribution.Names;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows of two distributions in the same bins; bins that are empty in both are left out.
 *
 * <p>Numbers: the reference's deciles, on edges of buckets that both know; a bucket that holds a
 * tenth or more of the reference (a heavy single value) is a bin of its own, and so is the missing.
 * Names: one bin each, those the reference never saw included.
 */
final class Bins {
  private static final int QUANTILES = 10;

  private final double[] reference;
  private final double[] current;

  private Bins(double[] reference, double[] current) {
    this.reference = reference;
    this.current = current;
  }

  int size() {
    return reference.length;
  }

  /** Rows of the reference, by bin; not to be changed. */
  double[] reference() {
    return reference;
  }

  /** Rows now, by bin; not to be changed. */
  double[] current() {
    return current;
  }

  static Bins of(Names reference, Names current) {
    Map<String, double[]> counts = new TreeMap<>();
    reference.counts().forEach((name, rows) -> pair(counts, name)[0] = rows);
    current.counts().forEach((name, rows) -> pair(counts, name)[1] = rows);
    double[] before = new double[counts.size() + 1];
    double[] now = new double[counts.size() + 1];
    int bin = 0;
    for (double[] pair : counts.values()) {
      before[bin] = pair[0];
      now[bin] = pair[1];
      bin++;
    }
    before[bin] = reference.missing();
    now[bin] = current.missing();
    return filled(before, now);
  }

  private static double[] pair(Map<String, double[]> counts, String name) {
    return counts.computeIfAbsent(name, unused -> new double[2]);
  }

  static Bins of(Curves curves, long missingReference, long missingCurrent) {
    boolean[] cut = cuts(curves);
    double[] before = new double[cut.length + 2];
    double[] now = new double[cut.length + 2];
    int bin = 0;
    double low = 0;
    double lowNow = 0;
    for (int i = 0; i <= cut.length; i++) {
      if (i == cut.length || cut[i]) {
        double high = i == cut.length ? 1 : curves.reference.at(curves.known[i]);
        double highNow = i == cut.length ? 1 : curves.current.at(curves.known[i]);
        before[bin] = rows(high - low, curves.reference.count());
        now[bin] = rows(highNow - lowNow, curves.current.count());
        low = high;
        lowNow = highNow;
        bin++;
      }
    }
    before[bin] = missingReference;
    now[bin] = missingCurrent;
    return filled(before, now);
  }

  /** A row in doubt at an edge is half on either side. */
  private static double rows(double share, long count) {
    return Math.rint(2 * share * count) / 2;
  }

  /** Which of the known edges part bins. */
  private static boolean[] cuts(Curves curves) {
    boolean[] cut = new boolean[curves.known.length];
    double below = 0;
    int quantile = 1;
    for (int i = 0; i < cut.length; i++) {
      double share = curves.reference.at(curves.known[i]);
      if (i > 0 && share - below >= 1.0 / QUANTILES) {
        cut[i - 1] = true;
        cut[i] = true;
      }
      while (quantile < QUANTILES && share >= (double) quantile / QUANTILES) {
        cut[i] = true;
        quantile++;
      }
      below = share;
    }
    return cut;
  }

  private static Bins filled(double[] reference, double[] current) {
    int bins = 0;
    for (int i = 0; i < reference.length; i++) {
      if (reference[i] > 0 || current[i] > 0) {
        reference[bins] = reference[i];
        current[bins] = current[i];
        bins++;
      }
    }
    return new Bins(Arrays.copyOf(reference, bins), Arrays.copyOf(current, bins));
  }
}
