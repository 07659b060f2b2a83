package io.breakwater.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.engine.Verdict;
import io.breakwater.engine.reference.Reference;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class DriftDetectorTest {
  private static final Instant START = Instant.parse("2026-11-21T02:20:00Z");
  private static final double LN_C = Math.log(5.18e6);
  private final Random random = new Random(1);

  private static double[] draw(int n, DoubleSupplier source) {
    double[] values = new double[n];
    Arrays.setAll(values, i -> source.getAsDouble());
    return values;
  }

  private static Reference reference(Distribution values) {
    return new Reference(values, 100, 1);
  }

  private static DriftDetector looks(DriftDetector detector, int times, Distribution look) {
    DriftDetector next = detector;
    for (int i = 0; i < times; i++) {
      Instant start = START.plusSeconds(10 * next.looks());
      next = next.next(look, start, start.plusSeconds(10));
    }
    return next;
  }

  @Test
  void aShift_isFoundAndExplained() {
    Reference reference = reference(Histograms.numbers(5, draw(10_000, this::price)));
    DriftDetector detector =
        DriftDetector.of(reference, Histograms.numbers(5, draw(100, this::price)), 0.03, LN_C);
    for (int i = 0; i < 200; i++) {
      detector = looks(detector, 1, Histograms.numbers(5, draw(100, this::price)));
      assertThat(detector.verdict()).isEqualTo(Verdict.PASS);
    }
    int delay = 0;
    while (detector.verdict() == Verdict.PASS) {
      double[] dearer = draw(100, () -> price() * 1.15);
      detector = looks(detector, 1, Histograms.numbers(5, dearer));
      delay++;
    }
    assertThat(delay).isLessThan(8);
    DriftFinding finding = detector.strongest();
    assertThat(finding.sentence())
        .matches("\\d+ % of values above [0-9.]+, the reference's p\\d+; normal is \\d+ %");
    assertThat(finding.since()).isAfterOrEqualTo(START.plusSeconds(1_950));
    assertThat(finding.bad()).isLessThanOrEqualTo(finding.seen());
  }

  private double price() {
    return Math.exp(4 + 0.3 * random.nextGaussian());
  }

  @Test
  void aConstantColumn_isNotBlind() {
    double[] constant = draw(10_000, () -> 999);
    Reference reference = reference(Histograms.numbers(10, constant));
    Distribution same = Histograms.numbers(10, draw(100, () -> 999));
    Distribution some = Histograms.numbers(10, draw(100, () -> random.nextInt(4) > 0 ? 999 : 990));
    DriftDetector detector = looks(DriftDetector.of(reference, same, 0.03, LN_C), 50, same);
    assertThat(detector.verdict()).isEqualTo(Verdict.PASS);
    assertThat(looks(detector, 3, some).verdict()).isEqualTo(Verdict.BREACH);
  }

  @Test
  void anAtomThatLeaves_isFoundWithinItsDecile() {
    double[] column = new double[10_000];
    Arrays.setAll(column, i -> i % 100 < 8 ? 50 : 100 * random.nextDouble());
    Reference reference = reference(Histograms.numbers(5, column));
    DriftDetector detector = DriftDetector.of(reference, reference.values(), 0.02, LN_C);
    assertThat(detector.edges().edges().stream().filter(edge -> edge.at() > 48 && edge.at() < 51))
        .hasSize(2);
  }

  @Test
  void scores_areResolvedAtBothEnds() {
    double[] sure = draw(10_000, () -> 1 - 1e-4 * random.nextDouble());
    Numbers normal = Histograms.scores(5, sure);
    DriftDetector detector = DriftDetector.of(reference(normal), normal, 0.03, LN_C);
    Distribution look = Histograms.scores(5, draw(100, () -> 1 - 2e-4 * random.nextDouble()));
    assertThat(looks(detector, 5, look).verdict()).isEqualTo(Verdict.BREACH);
    assertThat(looks(detector, 5, look).strongest().what()).startsWith("below 0.9999");
  }

  @Test
  void missingValues_areABinOfTheirOwn() {
    Reference reference = reference(Histograms.numbers(5, draw(10_000, this::price)));
    Numbers good = Histograms.numbers(5, draw(90, this::price));
    DriftDetector detector = DriftDetector.of(reference, good, 0.03, LN_C);
    Numbers look = new Numbers(good.values(), null, 20);
    DriftDetector breached = looks(detector, 15, look);
    assertThat(breached.verdict()).isEqualTo(Verdict.BREACH);
    assertThat(breached.strongest().sentence()).isEqualTo("missing: 18 % of rows, was 0 %");
  }

  @Test
  void classes_areComparedOnBothSides() {
    Reference reference = reference(new Names(Map.of("no", 4_000L, "yes", 6_000L), 0));
    Names look = new Names(Map.of("no", 29L, "yes", 71L), 0);
    DriftDetector detector = DriftDetector.of(reference, look, 0.03, LN_C);
    DriftDetector breached = looks(detector, 40, look);
    assertThat(breached.verdict()).isEqualTo(Verdict.BREACH);
    assertThat(breached.strongest().sentence()).isEqualTo("class no: 29 % of rows, was 40 %");
    Names unseen = new Names(Map.of("no", 35L, "yes", 55L, "maybe", 10L), 0);
    assertThat(looks(detector, 40, unseen).strongest().sentence())
        .isEqualTo("classes that were rare or unknown: 10 % of rows, was 0 %");
  }

  @Test
  void valuesOutsideTheWindow_countOnTheirSide() {
    Reference reference = reference(Histograms.numbers(5, draw(10_000, this::price)));
    Sketch inside = Histograms.numbers(5, draw(80, this::price)).values();
    Numbers look =
        new Numbers(new Sketch(inside.parts(), List.of(new Outside(false, 500, 20))), null, 0);
    DriftDetector detector = DriftDetector.of(reference, look, 0.03, LN_C);
    DriftDetector breached = looks(detector, 20, look);
    assertThat(breached.verdict()).isEqualTo(Verdict.BREACH);
    assertThat(breached.strongest().what()).startsWith("above ");
  }

  @Test
  void coarseRows_areNoEvidence_andMakeItStartAfresh() {
    Reference reference = reference(Histograms.numbers(5, draw(10_000, this::price)));
    Numbers fine = Histograms.numbers(5, draw(100, this::price));
    Numbers coarse = Histograms.numbers(-2, draw(100, this::price));
    DriftDetector detector = DriftDetector.of(reference, fine, 0.03, LN_C);
    DriftDetector after = looks(detector, 20, coarse);
    assertThat(after.verdict()).isEqualTo(Verdict.PASS);
    assertThat(after.lnEvidence()).isLessThan(1);
    assertThat(after.needsOtherEdges(reference, coarse)).isTrue();
    assertThat(detector.needsOtherEdges(reference, coarse)).isFalse();
    DriftDetector rearmed = DriftDetector.of(reference, coarse, 0.03, LN_C);
    assertThat(looks(rearmed, 20, coarse).verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(rearmed.blindness()).contains("buckets too coarse").contains("factor of 16");
  }

  @Test
  void tooFewRows_giveNoVerdict() {
    Reference reference = reference(Histograms.numbers(5, draw(10_000, this::price)));
    Numbers look = Histograms.numbers(5, draw(30, () -> 1_000));
    DriftDetector detector = DriftDetector.of(reference, look, 0.03, LN_C);
    assertThat(looks(detector, 3, look).verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(looks(detector, 4, look).verdict()).isEqualTo(Verdict.BREACH);
  }

  @Test
  void hugeLooks_neitherOverflowNorStick() {
    Reference reference = reference(new Names(Map.of("no", 4_000L, "yes", 6_000L), 0));
    Names bad = new Names(Map.of("no", 90_000_000L, "yes", 10_000_000L), 0);
    Names good = new Names(Map.of("no", 40L, "yes", 60L), 0);
    DriftDetector breached = looks(DriftDetector.of(reference, good, 0.03, LN_C), 100, bad);
    assertThat(breached.lnEvidence()).isFinite().isGreaterThanOrEqualTo(LN_C);
    assertThat(looks(breached, 30, good).verdict()).isEqualTo(Verdict.PASS);
  }
}
