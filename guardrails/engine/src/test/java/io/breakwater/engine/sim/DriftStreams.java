package io.breakwater.engine.sim;

import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.engine.Verdict;
import io.breakwater.engine.detect.BinnedStream;
import io.breakwater.engine.detect.DriftDetector;
import io.breakwater.engine.detect.Histograms;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceGatherer;
import io.breakwater.signals.PinnedHistogram;
import io.breakwater.signals.PinnedSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/** Streams of normal values, looked at every 10 s, 100 rows a look. */
final class DriftStreams {
  static final int ROWS = 100;
  static final int LOOKS_PER_DAY = 8_640;
  static final int NEVER = 2 * LOOKS_PER_DAY;
  static final int REFERENCE_ROWS = 10_000;

  private static final int SCALE = 5;
  private static final Instant START = Instant.parse("2026-11-21T00:00:00Z");
  private static final int SECONDS = 10;

  private DriftStreams() {}

  static Instant time(long look) {
    return START.plusSeconds(SECONDS * look);
  }

  /** A reference of independent rows, its dispersion taken as 1. */
  static Reference reference(SplittableRandom random) {
    double[] values = new double[REFERENCE_ROWS];
    Arrays.setAll(values, i -> Gaussian.next(random));
    return new Reference(Histograms.numbers(SCALE, values), 100, 1);
  }

  /**
   * False alarms of one stream; after each the detector starts afresh.
   *
   * @param lnLow threshold; the same looks are judged by a second one
   * @param lnHigh that threshold, a higher one
   * @param shift by how much the mean of the stream differs from that of the reference, in sd
   * @return alarms at both
   */
  static int[] falseAlarms(
      double lnLow, double lnHigh, double tolerance, double shift, int looks, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Reference reference = reference(random);
    DriftDetector fresh = DriftDetector.of(reference, reference.values(), tolerance, lnHigh);
    BinnedStream stream = new BinnedStream(fresh, x -> Gaussian.cdf(x - shift));
    DriftDetector low = fresh;
    DriftDetector high = fresh;
    int[] alarms = new int[2];
    for (int look = 0; look < looks; look++) {
      if (alarms[0] == 0) { // Until the first alarm both are the same.
        low = stream.next(low, random, ROWS, START, START);
        high = low;
      } else {
        long look64 = random.nextLong();
        low = stream.next(low, new SplittableRandom(look64), ROWS, START, START);
        high = stream.next(high, new SplittableRandom(look64), ROWS, START, START);
      }
      if (low.lnEvidence() >= lnLow) {
        alarms[0]++;
        low = fresh;
      }
      if (high.lnEvidence() >= lnHigh) {
        alarms[1]++;
        high = fresh;
      }
    }
    return alarms;
  }

  /** Looks from a shift of the mean to the alarm, after quiet looks; {@link #NEVER} at most. */
  static int delay(double lnThreshold, double tolerance, double shift, int quiet, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Reference reference = reference(random);
    DriftDetector detector =
        DriftDetector.of(reference, reference.values(), tolerance, lnThreshold);
    BinnedStream healthy = new BinnedStream(detector, Gaussian::cdf);
    BinnedStream shifted = new BinnedStream(detector, x -> Gaussian.cdf(x - shift));
    for (int look = 0; look < quiet; look++) {
      detector = healthy.next(detector, random, ROWS, START, START);
    }
    for (int look = 1; look < NEVER; look++) {
      detector = shifted.next(detector, random, ROWS, START, START);
      if (detector.verdict() == Verdict.BREACH) {
        return look;
      }
    }
    return NEVER;
  }

  /** All rows go through pinned histograms: one process serves the reference, another the rest. */
  static final class Piped {
    private final DoubleSupplier source;
    private final double outliers;
    private final SplittableRandom random;
    private PinnedHistogram sender = new PinnedHistogram();
    private Reference reference;
    private DriftDetector detector;
    private double shift;
    private long looks;

    /**
     * A stream whose reference is complete.
     *
     * @param source standard values
     * @param outliers probability of a value of 1e30
     * @param measured whether the dispersion is measured, else taken as 1
     */
    Piped(
        DoubleSupplier source,
        double outliers,
        SplittableRandom random,
        double tolerance,
        double lnThreshold,
        boolean measured) {
      this.source = source;
      this.outliers = outliers;
      this.random = random;
      ReferenceGatherer gatherer = ReferenceGatherer.of(REFERENCE_ROWS);
      while (!gatherer.isComplete()) {
        gatherer = gatherer.add(look());
      }
      Reference result = gatherer.result();
      reference = measured ? result : new Reference(result.values(), result.panes(), 1);
      sender = new PinnedHistogram();
      for (int i = 0; i < PinnedHistogram.VALUES_TO_PIN / ROWS; i++) {
        look();
      }
      detector = DriftDetector.of(reference, look(), tolerance, lnThreshold);
    }

    private Distribution look() {
      for (int i = 0; i < ROWS; i++) {
        boolean outlier = random.nextDouble() < outliers;
        sender.record(outlier ? 1e30 : source.getAsDouble() + shift);
      }
      PinnedSnapshot seen = sender.snapshotAndReset();
      List<Outside> outside = new ArrayList<>();
      if (seen.low() > 0) {
        outside.add(new Outside(true, seen.lowBound(), seen.low()));
      }
      if (seen.high() > 0) {
        outside.add(new Outside(false, seen.highBound(), seen.high()));
      }
      return new Numbers(new Sketch(List.of(seen.histogram()), outside), null, seen.missing());
    }

    Reference reference() {
      return reference;
    }

    /** Looks; says how many of them breached, starting afresh after each. */
    int alarms(int times) {
      DriftDetector fresh = detector;
      int alarms = 0;
      for (int i = 0; i < times; i++) {
        if (breaches()) {
          alarms++;
          detector = fresh;
        }
      }
      return alarms;
    }

    /** Looks from a shift of all values until the alarm. */
    int delay(double by) {
      shift = by;
      for (int i = 1; i < NEVER; i++) {
        if (breaches()) {
          return i;
        }
      }
      return NEVER;
    }

    private boolean breaches() {
      detector = detector.next(look(), time(looks), time(looks + 1));
      looks++;
      return detector.verdict() == Verdict.BREACH;
    }
  }
}
