package io.breakwater.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The short version of {@link DriftErrors}. */
class DriftErrorsTest {
  private static int median(int runs, java.util.function.IntUnaryOperator delay) {
    int[] delays = new int[runs];
    Arrays.setAll(delays, delay);
    Arrays.sort(delays);
    return delays[runs / 2];
  }

  private static int plain(double lnThreshold, double shift) {
    return median(
        41,
        seed -> DriftStreams.delay(lnThreshold, DriftErrors.TOLERANCE, shift, 100, 7_000L + seed));
  }

  @Test
  void shifts_areFoundInTime() {
    assertThat(plain(DriftErrors.LN_ALONE, 0.1)).isLessThanOrEqualTo(438);
    assertThat(plain(DriftErrors.LN_ALONE, 0.25)).isLessThanOrEqualTo(17);
    assertThat(plain(DriftErrors.LN_ALONE, 0.5)).isLessThanOrEqualTo(4);
    assertThat(plain(DriftErrors.LN_ALONE, 1)).isEqualTo(1);
    assertThat(plain(DriftErrors.LN_SHARED, 0.25)).isLessThanOrEqualTo(25);
    assertThat(plain(DriftErrors.LN_SHARED, 0.5)).isLessThanOrEqualTo(5);
    assertThat(plain(DriftErrors.LN_SHARED, 1)).isLessThanOrEqualTo(2);
  }

  @Test
  void outliersInPinnedHistograms_changeLittle() {
    int without = median(21, seed -> DriftErrors.piped(0, false, 0.25, seed));
    int with = median(21, seed -> DriftErrors.piped(0.001, false, 0.25, seed));
    assertThat(with).isBetween((int) (0.8 * without) - 1, (int) (1.2 * without) + 1);
  }

  @Test
  void quietStreams_alarmNoMoreOftenThanDeclared() {
    int looks = DriftStreams.LOOKS_PER_DAY;
    double lnLow = Math.log(20 * looks / 10.0);
    int alarms = 0;
    for (int seed = 0; seed < 20; seed++) {
      alarms +=
          DriftStreams.falseAlarms(
              lnLow, DriftErrors.LN_SHARED, DriftErrors.TOLERANCE, 0.0333, looks, seed)[0];
    }
    assertThat(alarms).isLessThanOrEqualTo(DetectorErrors.poissonQuantile(10, 0.99));
  }

  @Test
  void rowsLikeTheirNeighbours_areTempered() {
    assertThat(DriftErrors.alike(false, 1).alarms(2_000)).isPositive();
    DriftStreams.Piped tempered = DriftErrors.alike(true, 1);
    assertThat(tempered.reference().dispersion()).isGreaterThan(5);
    assertThat(tempered.alarms(2_000)).isZero();
  }

  @Test
  void burstsOfHighValues_areTemperedWhereTheyAre() {
    assertThat(DriftErrors.bursts(false, 1).alarms(2_000)).isPositive();
    DriftStreams.Piped tempered = DriftErrors.bursts(true, 1);
    assertThat(tempered.reference().dispersions().upTo(0.1)).isLessThan(3);
    assertThat(tempered.reference().dispersions().upTo(0.9)).isGreaterThan(5);
    assertThat(tempered.alarms(2_000)).isZero();
  }
}
