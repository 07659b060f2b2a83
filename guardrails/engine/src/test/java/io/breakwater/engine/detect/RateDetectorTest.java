package io.breakwater.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.breakwater.engine.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateDetectorTest {
  private static final Instant START = Instant.parse("2026-11-21T02:20:00Z");
  private Instant now = START;

  private RateDetector after(RateDetector detector, int panes, Tally each) {
    RateDetector next = detector;
    for (int i = 0; i < panes; i++) {
      Instant start = now;
      now = now.plus(Duration.ofMillis(100));
      next = next.next(new Block(start, now, each));
    }
    return next;
  }

  private static Tally tally(long calls, long errors, long againstCalls, long againstBad) {
    Map<String, Long> types = errors > 0 ? Map.of("OrtException", errors) : Map.of();
    return new Tally(calls, errors, types, againstCalls, againstBad);
  }

  private static CanaryRateDetector canary() {
    return CanaryRateDetector.of(1e-4);
  }

  @Test
  void threshold_isLooksPerDayOverAlpha() {
    assertThat(canary().lnThreshold()).isCloseTo(22.88, within(0.005));
    assertThat(RateLimitDetector.of(0.05, 1e-4).lnThreshold()).isEqualTo(canary().lnThreshold());
  }

  @Test
  void fewerThan20CallsOfEitherVersion_isNoDataHoweverBad() {
    assertThat(after(canary(), 1, tally(19, 19, 1000, 0)).verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(after(canary(), 1, tally(1000, 1000, 19, 0)).verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(after(canary(), 1, tally(20, 20, 20, 0)).verdict()).isEqualTo(Verdict.BREACH);
    RateLimitDetector limit = RateLimitDetector.of(0.05, 1e-4);
    assertThat(after(limit, 1, tally(19, 19, 0, 0)).verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(after(limit, 2, tally(10, 10, 0, 0)).verdict()).isEqualTo(Verdict.BREACH);
  }

  @Test
  void oneArmAlone_isNeverJudged() {
    RateDetector alone = after(canary(), 1000, tally(10, 10, 0, 0));
    assertThat(alone.verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(alone.mixture().looks()).isZero();
  }

  @Test
  void paneWithoutOneArm_isJudgedTogetherWithTheNext() {
    RateDetector waiting = after(canary(), 3, tally(10, 5, 0, 0));
    RateDetector judged = after(waiting, 1, tally(0, 0, 40, 1));
    assertThat(judged.mixture().looks()).isEqualTo(1);
    assertThat(judged.mixture().total().calls()).isEqualTo(30);
    assertThat(judged.mixture().total().againstCalls()).isEqualTo(40);
  }

  @Test
  void baseRate_knowsNothingOfTheBlockBeingJudged() {
    RateDetector waiting = after(canary(), 100, tally(0, 0, 40, 20));
    assertThat(waiting.baseline()).isEqualTo(0.5 / 50);
    RateDetector judged = after(waiting, 1, tally(10, 5, 40, 20));
    assertThat(judged.baseline()).isCloseTo(0.5, within(0.01));
  }

  @Test
  void interruption_dropsTheOpenBlockAndKeepsTheEvidence() {
    RateDetector detector = after(canary(), 10, tally(10, 1, 40, 1));
    RateDetector waiting = after(detector, 1, tally(10, 10, 0, 0));
    assertThat(waiting.interrupted()).isEqualTo(detector);
  }

  @Test
  void failuresOfBothVersions_areNoEvidence() {
    RateDetector detector = after(canary(), 200, tally(10, 0, 40, 0));
    RateDetector both = after(detector, 18_000, tally(10, 3, 40, 12));
    assertThat(both.verdict()).isEqualTo(Verdict.PASS);
    assertThat(both.evidenceRatio()).isLessThan(0.5);
  }

  @Test
  void canaryBetterThanStable_isNoEvidence() {
    RateDetector better = after(canary(), 10_000, tally(10, 0, 40, 4));
    assertThat(better.verdict()).isEqualTo(Verdict.PASS);
    assertThat(better.evidenceRatio()).isLessThan(0.3);
  }

  @Test
  void evidence_beginsWhereTheFailuresBegin() {
    RateDetector healthy = after(canary(), 600, tally(10, 0, 40, 0));
    Instant changed = now;
    RateDetector failing = after(healthy, 4, tally(10, 5, 40, 0));
    Excursion excursion = failing.mixture().excursion();
    assertThat(failing.verdict()).isEqualTo(Verdict.BREACH);
    assertThat(excursion.since()).isEqualTo(changed);
    assertThat(excursion.until()).isEqualTo(now);
    assertThat(excursion.tally()).isEqualTo(new Tally(40, 20, Map.of("OrtException", 20L), 160, 0));
  }

  @Test
  void recovery_isSeenSoonAfterALongFailure() {
    RateDetector failing = after(canary(), 36_000, tally(10, 5, 40, 0));
    assertThat(failing.verdict()).isEqualTo(Verdict.BREACH);
    RateDetector recovered = after(failing, 300, tally(10, 0, 40, 0));
    assertThat(recovered.verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void moreErrorTypesThanTold_areCountedAsOther() {
    RateDetector detector = RateLimitDetector.of(0.05, 1e-4);
    for (int i = 0; i < 40; i++) {
      String type = String.format("Type%02d", i);
      detector = after(detector, 1, new Tally(1, 1, Map.of(type, 1L), 0, 0));
    }
    Map<String, Long> types = detector.mixture().excursion().tally().errorTypes();
    assertThat(types).hasSize(Tally.MAX_TYPES + 1).containsEntry(Tally.OTHER, 24L);
    assertThat(types.values().stream().mapToLong(n -> n).sum()).isEqualTo(40);
  }

  @Test
  void hugeAndEmptyPanes_stayFinite() {
    RateDetector detector = after(canary(), 3, tally(1_000_000_000L, 1_000_000_000L, 1, 0));
    detector = after(detector, 3, tally(1_000_000_000L, 0, 1_000_000_000L, 1_000_000_000L));
    detector = after(detector, 3, Tally.NONE);
    assertThat(detector.mixture().lnMean()).isFinite();
    assertThat(detector.mixture().bets()).allSatisfy(bet -> assertThat(bet.lnR()).isFinite());
  }

  @Test
  void limit_toleratesItsOwnRateAndFindsMore() {
    RateDetector at = after(RateLimitDetector.of(0.05, 1e-4), 20_000, tally(20, 1, 0, 0));
    assertThat(at.verdict()).isEqualTo(Verdict.PASS);
    RateDetector above = after(at, 5, tally(20, 10, 0, 0));
    assertThat(above.verdict()).isEqualTo(Verdict.BREACH);
    assertThat(above.baseline()).isEqualTo(0.05);
  }

  @Test
  void probes_passAfter44CallsWithoutFailure() {
    ProbeTest test = ProbeTest.FRESH;
    for (int i = 0; i < 43; i++) {
      test = test.next(tally(1, 0, 0, 0));
    }
    assertThat(test.verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(test.next(tally(1, 0, 0, 0)).verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void probes_breachWhenTheyFailAndHaveMinimumEvidence() {
    ProbeTest failing = ProbeTest.FRESH.next(tally(19, 10, 0, 0));
    assertThat(failing.verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(failing.next(tally(1, 0, 0, 0)).verdict()).isEqualTo(Verdict.BREACH);
  }

  @Test
  void probes_passWithTheStableVersionsOwnErrorRate() {
    ProbeTest test = ProbeTest.FRESH.next(tally(0, 0, 10_000, 500));
    for (int i = 0; i < 20; i++) {
      test = test.next(tally(20, 1, 400, 20));
    }
    assertThat(test.verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void temperedDetector_measuresHowCallsClump() {
    Random random = new Random(20261121);
    CanaryRateDetector clumped = CanaryRateDetector.tempered(1e-4);
    CanaryRateDetector independent = CanaryRateDetector.tempered(1e-4);
    assertThat(clumped.dispersion()).isEqualTo(3);

    for (int i = 0; i < 4_000; i++) {
      clumped = next(clumped, i, tally(10, 0, 40, random.nextDouble() < 0.05 ? 8 : 0));
      int bad = 0;
      for (int call = 0; call < 40; call++) {
        bad += random.nextDouble() < 0.01 ? 1 : 0;
      }
      independent = next(independent, i, tally(10, 0, 40, bad));
    }

    // 8 with probability 0.05 vary by 3.04 in the square, 40 calls at 1 % by 0.396: beyond the
    // most.
    assertThat(clumped.strays() / clumped.looks()).isBetween(6.5, 9.0);
    assertThat(clumped.dispersion()).isEqualTo(3);
    assertThat(independent.dispersion()).isBetween(1.0, 1.1);
  }

  @Test
  void clumpOfTheCanary_isLessEvidenceWhereTheStableVersionClumpsToo() {
    CanaryRateDetector plain = CanaryRateDetector.of(1e-4);
    CanaryRateDetector tempered = CanaryRateDetector.tempered(1e-4);
    for (int i = 0; i < 1_000; i++) {
      Tally pane = tally(10, i >= 997 ? 5 : 0, 40, i % 20 == 0 ? 8 : 0);
      plain = next(plain, i, pane);
      tempered = next(tempered, i, pane);
    }

    assertThat(plain.verdict()).isEqualTo(Verdict.BREACH);
    assertThat(tempered.verdict()).isEqualTo(Verdict.PASS);
  }

  private static CanaryRateDetector next(CanaryRateDetector detector, int pane, Tally tally) {
    Instant start = Instant.EPOCH.plusMillis(100L * pane);
    return detector.next(new Block(start, start.plusMillis(100), tally));
  }
}
