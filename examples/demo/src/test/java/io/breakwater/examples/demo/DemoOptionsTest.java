package io.breakwater.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoOptionsTest {
  @Test
  void nothing_isHalfOfTheCanaryFailingBehindTheRouter() {
    DemoOptions options = DemoOptions.parse();

    assertThat(options.scenarios()).containsExactly(Scenario.ERRORS);
    assertThat(options.failing()).containsExactly(0.5);
    assertThat(options.backend()).isEqualTo("webhook");
    assertThat(options.rate()).isEqualTo(500);
    assertThat(options.slower()).isEqualTo("3");
    assertThat(options.predictions()).isEqualTo(12_000);
    assertThat(options.singleRun()).isTrue();
    assertThat(options.json()).isNull();
  }

  @Test
  void everything_isRead() {
    DemoOptions options =
        DemoOptions.parse(
            "--scenario",
            "all",
            "--failing",
            "1",
            "--slower",
            "1.3",
            "--backend",
            "haproxy",
            "--rate",
            "100",
            "--predictions",
            "5000",
            "--warmup",
            "3",
            "--runs",
            "4",
            "--json",
            "out.json");

    assertThat(options.scenarios())
        .containsExactly(Scenario.ERRORS, Scenario.LATENCY, Scenario.DRIFT, Scenario.GOOD);
    assertThat(options.slower()).isEqualTo("1.3");
    assertThat(options.failing()).containsExactly(1.0);
    assertThat(options.backend()).isEqualTo("haproxy");
    assertThat(options.rate()).isEqualTo(100);
    assertThat(options.predictions()).isEqualTo(5_000);
    assertThat(options.warmupSeconds()).isEqualTo(3);
    assertThat(options.runs()).isEqualTo(4);
    assertThat(options.json()).isEqualTo(Path.of("out.json"));
    assertThat(options.singleRun()).isFalse();
  }

  @Test
  void curve_isFiveShares() {
    assertThat(DemoOptions.parse("--curve").failing()).containsExactly(0.05, 0.1, 0.2, 0.5, 1.0);
  }

  @Test
  void optionsOfOneScenario_goWithIt() {
    assertThat(DemoOptions.parse("--scenario", "latency", "--slower", "1.3").slower())
        .isEqualTo("1.3");
    assertThat(DemoOptions.parse("--scenario", "good", "--failing", "1").failing())
        .containsExactly(1.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--scenario bad | --scenario: bad (expected: errors, latency, drift, good or all)",
        "--scenario latency --slower 2 | --slower: 2 (expected: 1.3 or 3)",
        "--slower 3 | --slower: means nothing in scenario errors (expected: latency or all)",
        "--scenario drift --failing 1"
            + "| --failing: means nothing in scenario drift (expected: errors, good or all)",
        "--scenario good --curve | --curve: means nothing in scenario good (expected: errors or all)",
        "--predictions 5000"
            + "| --predictions: means nothing in scenario errors (expected: good or all)",
        "--backend nginx | --backend: nginx (expected: webhook or haproxy)",
        "--failing 0 | --failing: 0 (expected: 0.01 to 1)",
        "--failing NaN | --failing: NaN (expected: 0.01 to 1)",
        "--failing half | --failing: half (expected: 0.01 to 1)",
        "--rate 2.5e3 | --rate: 2.5e3 (expected: 50 to 2000)",
        "--runs 1.5 | --runs: 1.5 (expected: 1 to 1000)",
        "--json | --json: no value",
        "--fast | unknown option --fast",
        "--keep --runs 2 | --keep: goes with a single run only",
        "--keep --scenario all | --keep: goes with a single run only",
      })
  void nonsense_isRefused(String line, String message) {
    assertThatThrownBy(() -> DemoOptions.parse(line.split(" ", -1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
