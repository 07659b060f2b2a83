package io.breakwater.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped example, and what goes wrong. */
class BacktestCommandTest {
  private static final Path EXAMPLE = Path.of("..", "examples", "backtest");
  private static final String DATA = EXAMPLE.resolve("credit.csv.gz").toString();

  @TempDir Path folder;

  @Test
  void example_isFoundOutSoonAndNotBefore() {
    Run run = example("--reference-rows", "0:3000", "--quiet", "3000:6000", "--change", "6000");

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isEqualTo(ExitCode.FINDING);
    assertThat(run.out())
        .contains("GUARDRAIL", "FALSE ALARMS", "ROWS AFTER 6,000")
        .containsPattern("score native +\\d+ +6,0\\d9 +0 +\\d\\d\n")
        .containsPattern("feature:income native +\\d+ +6,099 +0 +99\n")
        .containsPattern("feature:age native +none +- +0 +-\n")
        .contains("feature:income native at row 6,099: 100 % of values ")
        .contains("9,000 rows, 5 guardrails: 3 breached; ");
  }

  @Test
  void json_isAsDocumented() throws Exception {
    Run run = example("--quiet", "3000:6000", "--change", "6000", "--json");

    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.path("rows").asLong()).isEqualTo(9_000);
    JsonNode income = guardrail(report, "feature:income native");
    assertThat(income.path("signal").asText()).isEqualTo("feature:income");
    assertThat(income.path("false_alarms").asLong()).isZero();
    JsonNode first = income.path("breaches").path(0);
    assertThat(first.path("row").asLong()).isEqualTo(6_099);
    assertThat(income.path("delays").path(0).asLong()).isEqualTo(99);
    assertThat(first.path("evidence").path("unit").asText()).isEqualTo("rows");
    assertThat(first.path("evidence").path("logEvidence").asDouble())
        .isGreaterThanOrEqualTo(first.path("evidence").path("logThreshold").asDouble());
    assertThat(guardrail(report, "feature:age native").path("breaches")).isEmpty();
    assertThat(guardrail(report, "feature:age native").path("delays").path(0).isNull()).isTrue();
    assertThat(report.path("trips").path(0).path("guardrail").asText()).isEqualTo("score native");
    assertThat(report.path("trips").findValuesAsText("guardrail"))
        .doesNotContain("feature:income native"); // then: alert
  }

  private static JsonNode guardrail(JsonNode report, String name) {
    for (JsonNode one : report.path("guardrails")) {
      if (one.path("guardrail").asText().equals(name)) {
        return one;
      }
    }
    throw new AssertionError(name + " is not in " + report);
  }

  @Test
  void outcome_isTheSameEachTime() {
    assertThat(example("--json").out()).isEqualTo(example("--json").out());
  }

  @Test
  void preparedReference_isThePolicysFile() throws Exception {
    Path reference = folder.resolve("credit-reference.json");
    Run built =
        Run.of(
            "reference",
            "build",
            DATA,
            "--columns",
            "score=score,class=decision",
            "--rows",
            "0:3000",
            "-o",
            reference.toString());
    assertThat(built.status()).isZero();
    Path policy =
        policy(
            "reference: {file: credit-reference.json}", "{signal: \"feature:*\", drift: native}");

    Run run =
        Run.of(
            "backtest",
            "--policy",
            policy.toString(),
            "--model",
            "credit",
            "--data",
            DATA,
            "--change",
            "6000");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).containsPattern("feature:income native +\\d+ +6,\\d99 ");
  }

  @Test
  void rowsThatStayAsTheyWere_areFine() throws Exception {
    SplittableRandom random = new SplittableRandom(11);
    StringBuilder text = new StringBuilder("x,word\n");
    for (int i = 0; i < 20_000; i++) {
      text.append(random.nextGaussian()).append(i % 2 == 0 ? ",a\n" : ",b\n");
    }
    Path data = Files.writeString(folder.resolve("calm.csv"), text);
    Path policy =
        policy(
            "stable: \"1\"", "{signal: \"feature:*\", drift: native}", "{signal: errors, max: 5%}");

    Run run =
        Run.of(
            "backtest",
            "--policy",
            policy.toString(),
            "--model",
            "credit",
            "--data",
            data.toString(),
            "--reference-rows",
            "0:10000",
            "--rows-per-second",
            "20");

    assertThat(run.status()).isEqualTo(ExitCode.FINE);
    assertThat(run.out()).containsPattern("feature:x native +none +-\n").contains("0 breached");
    assertThat(run.err()).contains("not tested, since rows say nothing of it: errors max 5%");
  }

  @Test
  void tooShortReference_isTold() throws Exception {
    Path policy = policy("reference: {rows: 50000}", "{signal: \"feature:age\", drift: native}");

    Run run =
        Run.of("backtest", "--policy", policy.toString(), "--model", "credit", "--data", DATA);

    assertThat(run.status()).isEqualTo(ExitCode.FINE);
    assertThat(run.out()).contains("feature:age native: no verdict: ").contains("50,000 rows");
  }

  @Test
  void nonsense_isRefusedInWords() throws Exception {
    assertRefused(example("--model", "debit"), "has no rule for model debit (expected: one of cr");
    assertRefused(example("--rows-per-second", "0.5"), "--rows-per-second: 0.5 (expected: from 1");
    assertRefused(example("--quiet", "7"), "--quiet: 7 (expected: A:B");
    assertRefused(
        example("--reference-rows", "0:100"), "rows 0:100 are 100 rows (expected: at least 1000)");
    assertRefused(example("--columns", "scor=score"), "--columns: scor (expected: score,");
    assertRefused(
        example("--columns", "class=decision"),
        "guardrail \"score native\": no column is score (expected: --columns score=COLUMN)");
    assertRefused(
        other("{signal: \"feature:incom\", drift: native}"),
        "no column is feature:incom (nearest: feature:income)");
    assertRefused(
        other("{signal: \"feature:region\", drift: native}"),
        "column \"region\" is not all numbers; expected: category:region");
    assertRefused(
        other("{signal: errors, max: 5%}"),
        "model credit: no drift guardrail, so rows test nothing");
  }

  private Run other(String guardrail) throws Exception {
    Path policy = policy("stable: \"1\"", guardrail);
    return Run.of("backtest", "--policy", policy.toString(), "--model", "credit", "--data", DATA);
  }

  private static void assertRefused(Run run, String message) {
    assertThat(run.status()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(message);
  }

  private Path policy(String setting, String... guardrails) throws Exception {
    StringBuilder text = new StringBuilder("models:\n  - name: credit\n    " + setting + "\n");
    text.append("    guardrails:\n");
    for (String guardrail : guardrails) {
      text.append("      - ").append(guardrail).append('\n');
    }
    return Files.writeString(folder.resolve("breakwater.yaml"), text);
  }

  /** The example; words given here win over its own. */
  private static Run example(String... more) {
    boolean columns = Stream.of(more).anyMatch("--columns"::equals);
    boolean model = Stream.of(more).anyMatch("--model"::equals);
    Stream<String> words =
        Stream.of(
            "backtest", "--policy", EXAMPLE.resolve("breakwater.yaml").toString(), "--data", DATA);
    Stream<String> usual =
        columns ? Stream.of() : Stream.of("--columns", "score=score,class=decision");
    Stream<String> name = model ? Stream.of() : Stream.of("--model", "credit");
    return Run.of(
        Stream.concat(Stream.concat(words, usual), Stream.concat(name, Stream.of(more)))
            .toArray(String[]::new));
  }
}
