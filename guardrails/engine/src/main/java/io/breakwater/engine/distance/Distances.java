package io.breakwater.engine.distance;

import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.distance.Cells.Cell;
import io.breakwater.engine.reference.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a signal is from its reference, in the measures people know. They are to be looked at;
 * alarms come from the sequential tests, which state how often they are wrong.
 *
 * <p>PSI, Jensen-Shannon, Hellinger and L-infinity compare bins: deciles of the reference on bucket
 * edges that both have, heavy single values, the missing, and names, those never seen before
 * included, as bins of their own. Kolmogorov-Smirnov and Wasserstein compare the distribution
 * functions of the numbers, without the missing, at every bucket edge, Wasserstein at those that
 * both have.
 *
 * <p>A value for {@code n} and {@code m} rows is not 0 when nothing drifts. Below its floor it says
 * nothing; a threshold at or below the floor must not be compared with. Floors hold for the rows
 * over the reference's dispersion, and are exceeded once in 1,000 looks without drift.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * @param referenceRows rows of the reference
 * @param rows rows of the signal now
 * @param bins bins that hold a row of either
 * @param psi population stability index in nats: {@code sum (q - p) ln(q / p)}, shares smoothed to
 *     {@code (count + 0.5) / (rows + 0.5 bins)}; 0 means equal. For a shift of a bell curve by
 *     {@code d} standard deviations about {@code d^2}.
 * @param psiExpected its mean without drift, {@code (bins - 1) (1/n + 1/m)}
 * @param jensenShannon square root of the Jensen-Shannon divergence to base 2, 0 to 1
 * @param hellinger {@code sqrt(sum (sqrt p - sqrt q)^2 / 2)}, 0 to 1
 * @param largestShare L-infinity: the largest difference of a bin's shares, 0 to 1
 * @param kolmogorovSmirnov the largest difference of the distribution functions, 0 to 1, never
 *     above that of the raw values; NaN for names
 * @param wasserstein area between the distribution functions over the reference's standard
 *     deviation, infinite where that is 0; NaN for names
 */
public record Distances(
    long referenceRows,
    long rows,
    int bins,
    Distance psi,
    double psiExpected,
    Distance jensenShannon,
    Distance hellinger,
    Distance largestShare,
    Distance kolmogorovSmirnov,
    Distance wasserstein) {
  /** Chance of a value above its floor when nothing drifts. */
  private static final double LEVEL = 0.001;

  /** The standard normal's quantile at 1 - LEVEL. */
  private static final double Z = 3.0902;

  /**
   * A distance and what it may be without drift.
   *
   * @param value NaN when there are no rows to compare, or the measure is not for this kind
   * @param floor thresholds must be above it
   */
  public record Distance(double value, double floor) {
    static final Distance NONE = new Distance(Double.NaN, Double.POSITIVE_INFINITY);

    /** Whether there are rows enough to compare the value with a threshold. */
    public boolean enough(double threshold) {
      return threshold > floor;
    }
  }

  /**
   * The distances of {@code current} from {@code reference}.
   *
   * @throws IllegalArgumentException when one holds numbers and the other names
   */
  public static Distances between(Reference reference, Distribution current) {
    double dispersion = reference.dispersion();
    if (reference.values() instanceof Numbers before && current instanceof Numbers now) {
      boolean halves = Cells.hasHalves(before) && Cells.hasHalves(now);
      Curves curves = Curves.of(cells(before, halves), cells(now, halves));
      Bins bins = Bins.of(curves, before.missing(), now.missing());
      return of(before.rows(), now.rows(), dispersion, bins, curves);
    }
    if (reference.values() instanceof Names before && current instanceof Names now) {
      return of(before.rows(), now.rows(), dispersion, Bins.of(before, now), null);
    }
    throw new IllegalArgumentException(
        "current: "
            + current.getClass().getSimpleName()
            + " (expected: "
            + reference.values().getClass().getSimpleName()
            + ", as in the reference)");
  }

  private static List<Cell> cells(Numbers numbers, boolean halves) {
    return halves ? Cells.halves(numbers) : Cells.of(numbers.values());
  }

  private static Distances of(
      long n, long m, double dispersion, Bins bins, @Nullable Curves curves) {
    if (n == 0 || m == 0) {
      Distance none = Distance.NONE;
      return new Distances(n, m, bins.size(), none, Double.NaN, none, none, none, none, none);
    }
    double noise = dispersion * (1.0 / n + 1.0 / m);
    int freedom = Math.max(1, bins.size() - 1);
    double chi = chiSquare(freedom) * noise;
    double bounded = Math.sqrt(noise * Math.log(2.0 * bins.size() / LEVEL) / 2);
    return new Distances(
        n,
        m,
        bins.size(),
        new Distance(psi(bins), chi),
        (bins.size() - 1) * noise,
        new Distance(jensenShannon(bins), Math.sqrt(chi / 8 / Math.log(2))),
        new Distance(hellinger(bins), Math.sqrt(chi / 8)),
        new Distance(largestShare(bins), bounded),
        curves == null ? Distance.NONE : kolmogorovSmirnov(curves, dispersion),
        curves == null ? Distance.NONE : wasserstein(curves, dispersion));
  }

  private static Distance kolmogorovSmirnov(Curves curves, double dispersion) {
    double noise = noise(curves, dispersion);
    return noise < Double.POSITIVE_INFINITY
        ? new Distance(curves.kolmogorovSmirnov(), Math.sqrt(noise * Math.log(2 / LEVEL) / 2))
        : Distance.NONE;
  }

  private static Distance wasserstein(Curves curves, double dispersion) {
    double noise = noise(curves, dispersion);
    return noise < Double.POSITIVE_INFINITY
        ? new Distance(curves.wasserstein(), Z * Math.sqrt(noise))
        : Distance.NONE;
  }

  private static double noise(Curves curves, double dispersion) {
    return dispersion * (1.0 / curves.reference.count() + 1.0 / curves.current.count());
  }

  /** Quantile of the chi-square distribution at 1 - LEVEL, by Wilson and Hilferty; within 4 %. */
  private static double chiSquare(int freedom) {
    double spread = 2.0 / (9.0 * freedom);
    return freedom * Math.pow(1 - spread + Z * Math.sqrt(spread), 3);
  }

  private static double psi(Bins bins) {
    double half = 0.5 * bins.size();
    double n = sum(bins.reference()) + half;
    double m = sum(bins.current()) + half;
    double psi = 0;
    for (int i = 0; i < bins.size(); i++) {
      double p = (bins.reference()[i] + 0.5) / n;
      double q = (bins.current()[i] + 0.5) / m;
      psi += (q - p) * Math.log(q / p);
    }
    return psi;
  }

  private static double jensenShannon(Bins bins) {
    double n = sum(bins.reference());
    double m = sum(bins.current());
    double nats = 0;
    for (int i = 0; i < bins.size(); i++) {
      double p = bins.reference()[i] / n;
      double q = bins.current()[i] / m;
      double middle = (p + q) / 2;
      nats += (p > 0 ? p * Math.log(p / middle) : 0) + (q > 0 ? q * Math.log(q / middle) : 0);
    }
    return Math.sqrt(Math.max(0, nats) / 2 / Math.log(2));
  }

  private static double hellinger(Bins bins) {
    double n = sum(bins.reference());
    double m = sum(bins.current());
    double squares = 0;
    for (int i = 0; i < bins.size(); i++) {
      double off = Math.sqrt(bins.reference()[i] / n) - Math.sqrt(bins.current()[i] / m);
      squares += off * off;
    }
    return Math.sqrt(squares / 2);
  }

  private static double largestShare(Bins bins) {
    double n = sum(bins.reference());
    double m = sum(bins.current());
    double largest = 0;
    for (int i = 0; i < bins.size(); i++) {
      largest = Math.max(largest, Math.abs(bins.reference()[i] / n - bins.current()[i] / m));
    }
    return largest;
  }

  private static double sum(double[] counts) {
    double sum = 0;
    for (double count : counts) {
      sum += count;
    }
    return sum;
  }
}
