package io.breakwater.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.engine.Verdict;
import io.breakwater.engine.reference.Reference;
import io.breakwater.signals.HistogramSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Values from explicit buckets: all that is known is their bucket's bound. */
class RoundedValuesTest {
  private static final double LN_THRESHOLD = Math.log(86_400 * 100.0);
  private static final Instant START = Instant.parse("2026-11-21T02:20:00Z");

  private final Random random = new Random(7);

  @Test
  void tenths_showAShiftAndNoneWhereThereIsNone() {
    Reference reference = new Reference(tenths(20_000, 0, 11), 100, 1);

    assertThat(verdict(reference, 0, 200)).isEqualTo(Verdict.PASS);
    assertThat(verdict(reference, 0.15, 200)).isEqualTo(Verdict.BREACH);
  }

  @Test
  void mostInOneBucket_isTooCoarse() {
    double[] one = new double[1_000];
    java.util.Arrays.fill(one, 5);
    Numbers all = rounded(11, one);

    DriftDetector detector = DriftDetector.of(new Reference(all, 100, 1), all, 0.03, LN_THRESHOLD);

    assertThat(detector.isArmed()).isFalse();
    assertThat(detector.blindness())
        .isEqualTo(
            "buckets too coarse: 100 % of the reference lie between two bounds of explicit"
                + " buckets");
  }

  @Test
  void otherBoundsThanThoseOfTheReference_areNotCompared() {
    Reference rounded = new Reference(tenths(2_000, 0, 11), 100, 1);
    Reference plain = new Reference(tenths(2_000, 0, 0), 100, 1);

    assertThat(blindness(rounded, tenths(100, 0, 12))).contains("other bounds");
    assertThat(blindness(rounded, tenths(100, 0, 0))).contains("other bounds");
    assertThat(blindness(plain, tenths(100, 0, 11))).contains("other bounds");
    assertThat(blindness(plain, tenths(100, 0, 0))).isEmpty();
  }

  private static String blindness(Reference reference, Numbers look) {
    return DriftDetector.of(reference, look, 0.03, LN_THRESHOLD).blindness();
  }

  private Verdict verdict(Reference reference, double shift, int looks) {
    DriftDetector detector =
        DriftDetector.of(reference, tenths(100, shift, 11), 0.03, LN_THRESHOLD);
    Verdict verdict = Verdict.PASS;
    for (int i = 0; i < looks && verdict != Verdict.BREACH; i++) {
      detector =
          detector.next(tenths(100, shift, 11), START.plusSeconds(i), START.plusSeconds(i + 1));
      verdict = detector.verdict();
    }
    return verdict;
  }

  /** Scores rounded up to tenths. */
  private Numbers tenths(int rows, double shift, long bounds) {
    double[] scores = new double[rows];
    for (int i = 0; i < rows; i++) {
      double score = 0.5 + 0.15 * random.nextGaussian() + shift;
      scores[i] = Math.ceil(10 * Math.max(0.01, Math.min(1, score))) / 10;
    }
    return rounded(bounds, scores);
  }

  private static Numbers rounded(long bounds, double... values) {
    HistogramSnapshot histogram = Histograms.of(5, values).withBounds(bounds);
    return new Numbers(new Sketch(List.of(histogram), List.of()), null, 0);
  }
}
