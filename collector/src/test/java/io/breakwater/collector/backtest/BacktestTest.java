package io.breakwater.collector.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.collector.csv.RowRange;
import io.breakwater.collector.csv.SignalColumns;
import io.breakwater.collector.reference.ReferenceBuilder;
import io.breakwater.engine.Evidence;
import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.Guardrail.Drift;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.Then;
import io.breakwater.engine.reference.ReferenceSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacktestTest {
  private static final ModelPolicy POLICY =
      ModelPolicy.of(
          "credit",
          "1",
          Mode.ENFORCE,
          List.of(new Drift("all native", "feature:*", 0.03, Then.TRIP, Breaches.AT_ONCE)),
          BreakerSettings.DEFAULTS,
          "webhook",
          "digest");

  @TempDir Path folder;

  /** The middle 2,000 rows are from elsewhere. */
  private Path data() throws Exception {
    SplittableRandom random = new SplittableRandom(9);
    StringBuilder text = new StringBuilder("x\n");
    for (int i = 0; i < 8_000; i++) {
      double off = i >= 4_000 && i < 6_000 ? 3 : 0;
      text.append(10 + off + random.nextGaussian()).append('\n');
    }
    return Files.writeString(folder.resolve("x.csv"), text);
  }

  private List<Breach> breaches(
      @Nullable RowRange reference, @Nullable RowRange leftOut, double rowsPerSecond)
      throws Exception {
    Path data = data();
    SignalColumns columns = SignalColumns.of(data, null, rows -> {});
    ReferenceSet set =
        reference == null
            ? null
            : ReferenceBuilder.build(
                "x", data, columns, reference, (int) (10 * rowsPerSecond), rows -> {});
    TestedPolicy policy = TestedPolicy.of(POLICY, set == null ? null : set.digest());
    List<Judged> judged =
        Backtest.run(policy, data, columns, set, leftOut, rowsPerSecond, rows -> {});
    assertThat(judged).hasSize(1);
    assertThat(judged.get(0).guardrail()).isEqualTo("feature:x native");
    assertThat(judged.get(0).then()).isEqualTo(Then.TRIP);
    return judged.get(0).breaches();
  }

  @Test
  void breachesEndAtLooks_whileTheRowsAreOff() throws Exception {
    List<Breach> breaches = breaches(new RowRange(0, 3_000), new RowRange(0, 3_000), 10);

    assertThat(breaches)
        .hasSizeGreaterThan(10)
        .allMatch(breach -> breach.row() % 100 == 99)
        .allMatch(breach -> breach.row() >= 4_099 && breach.row() < 6_099);
    assertThat(breaches.get(0).row()).isEqualTo(4_099);
    assertThat(breaches.get(0).evidence().signal()).isEqualTo("feature:x");
  }

  @Test
  void rowsPerSecond_setTheLooks() throws Exception {
    List<Breach> breaches = breaches(new RowRange(0, 3_000), new RowRange(0, 3_000), 2.5);

    assertThat(breaches)
        .hasSizeGreaterThan(10)
        .allMatch(breach -> breach.row() % 25 == 24)
        .allMatch(breach -> breach.row() >= 4_000 && breach.row() < 6_050);
  }

  @Test
  void rowsOfTheReference_areLeftOutWhereverTheyAre() throws Exception {
    RowRange off = new RowRange(4_000, 6_000);

    List<Breach> breaches = breaches(off, off, 5);

    assertThat(breaches).noneMatch(breach -> off.contains(breach.row()));
    assertThat(breaches.get(0).row()).isLessThan(400);
    assertThat(breaches).anyMatch(breach -> breach.row() > 6_000);
  }

  @Test
  void delaysAndFalseAlarms_areCountedFromTheRows() {
    Evidence evidence =
        new Evidence(
            "x native",
            "x",
            "1",
            null,
            Instant.EPOCH,
            Instant.EPOCH,
            "rows",
            "above 1",
            1,
            1,
            0,
            0,
            0.1,
            1,
            1,
            Map.of(),
            "");
    Judged judged =
        new Judged(
            "x native",
            "x",
            Then.TRIP,
            List.of(new Breach(99, evidence), new Breach(499, evidence), new Breach(599, evidence)),
            "");

    assertThat(judged.falseAlarms(List.of(new RowRange(0, 100), new RowRange(500, 600))))
        .isEqualTo(2);
    assertThat(judged.delays(List.of(50L, 120L, 200L, 600L)))
        .containsExactly(49L, null, 299L, null);
    assertThat(judged.delays(List.of())).isEmpty();
  }
}
