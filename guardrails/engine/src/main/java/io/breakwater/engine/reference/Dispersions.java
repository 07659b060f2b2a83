package io.breakwater.engine.reference;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.Doubles;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * By how much the shares of a reference's panes vary more than those of independent rows would:
 * {@code n Var(share of a pane) / (F (1 - F))}, at least 1, for the places at which a stream is
 * compared with it. Immutable.
 *
 * <p>A place is measured where {@code F}, its share of the reference, is within 5 % and 95 %. What
 * was not measured takes the greatest of all: few rows tell too little of how they vary.
 *
 * @param deciles by the share of values up to a bound: from 5 to 15 %, and so on, to 85 to 95 %;
 *     the greatest over the bounds whose shares are in that band or in one beside it, since each
 *     alone is a rough number. Empty where there is no such bound
 * @param names by class or category
 * @param missing of missing values
 * @param ranks of mean ranks
 */
public record Dispersions(
    Doubles deciles, Map<String, Double> names, double missing, double ranks) {
  /** Bands of shares. */
  public static final int BANDS = 9;

  private static final double LEAST_SHARE = 0.05;

  public Dispersions {
    requireNonNull(deciles, "deciles");
    if (deciles.size() != 0 && deciles.size() != BANDS) {
      throw new IllegalArgumentException(
          "deciles: " + deciles.size() + " (expected: " + BANDS + " or none)");
    }
    names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
    for (int band = 0; band < deciles.size(); band++) {
      require("deciles", deciles.get(band));
    }
    names.forEach(Dispersions::require);
    require("missing", missing);
    require("ranks", ranks);
  }

  private static void require(String name, double dispersion) {
    if (!(dispersion >= 1 && dispersion < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + ": " + dispersion + " (expected: >= 1)");
    }
  }

  /** The same for all places. */
  public static Dispersions uniform(double dispersion) {
    return new Dispersions(Doubles.EMPTY, Map.of(), dispersion, dispersion);
  }

  /**
   * What was measured.
   *
   * @param bands the greatest over the bounds of each band; 0 where nothing was measured, as for
   *     the others
   */
  static Dispersions of(double[] bands, Map<String, Double> names, double missing, double ranks) {
    double greatest = Math.max(1, Math.max(missing, ranks));
    double inBands = 0;
    for (double band : bands) {
      inBands = Math.max(inBands, band);
    }
    greatest = Math.max(greatest, inBands);
    for (double name : names.values()) {
      greatest = Math.max(greatest, name);
    }
    double[] deciles = new double[inBands > 0 ? BANDS : 0];
    for (int band = 0; band < deciles.length; band++) {
      double around = bands[band];
      around = Math.max(around, bands[Math.max(0, band - 1)]);
      around = Math.max(around, bands[Math.min(BANDS - 1, band + 1)]);
      deciles[band] = around > 0 ? around : greatest;
    }
    return new Dispersions(
        Doubles.of(deciles), names, missing > 0 ? missing : greatest, ranks > 0 ? ranks : greatest);
  }

  /** Whether a place with this share of the reference is measured. */
  static boolean isMeasured(double share) {
    return share >= LEAST_SHARE && share <= 1 - LEAST_SHARE;
  }

  /** The band of a share that is measured. */
  static int band(double share) {
    return (int) Math.min(BANDS, Math.max(1, Math.round(10 * share))) - 1;
  }

  /** Of the number of values up to a bound. */
  public double upTo(double share) {
    return deciles.size() > 0 && isMeasured(share) ? deciles.get(band(share)) : greatest();
  }

  /** Of the number of rows of a class or category. */
  public double of(String name) {
    Double known = names.get(name);
    return known == null ? greatest() : known;
  }

  /** The greatest of all. */
  public double greatest() {
    double greatest = Math.max(missing, ranks);
    for (int band = 0; band < deciles.size(); band++) {
      greatest = Math.max(greatest, deciles.get(band));
    }
    for (double name : names.values()) {
      greatest = Math.max(greatest, name);
    }
    return greatest;
  }
}
