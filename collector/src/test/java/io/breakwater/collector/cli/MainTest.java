package io.breakwater.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.config.CollectorConfig.Role;
import io.breakwater.collector.config.CollectorConfig.Token;
import io.breakwater.collector.http.FakeModels;
import io.breakwater.collector.http.FakeModels.Order;
import io.breakwater.collector.http.RunningFace;
import io.breakwater.collector.runtime.Models.OrderOutcome;
import io.breakwater.engine.Engine;
import io.breakwater.engine.Event;
import io.breakwater.engine.Event.Verb;
import io.breakwater.engine.ModelState;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private final FakeModels models = FakeModels.credit();
  private RunningFace face = new RunningFace(models, List.of());

  @TempDir Path folder;

  @AfterEach
  void stop() {
    face.close();
  }

  @Test
  void help_listsTheVerbs() {
    Run help = Run.of("--help");

    assertThat(help.status()).isZero();
    assertThat(help.out())
        .contains(
            "collector",
            "validate",
            "status",
            "watch",
            "trip",
            "reset",
            "hold",
            "approve",
            "release",
            "promote",
            "decisions");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "statsu",
        "trip credit 2",
        "approve credit 2 --reason x",
        "decisions --limit x",
        "status --url nowhere",
        "collector --http-port 70000 --config FILE",
      })
  void wrongUsage_isStatus2(String line) throws IOException {
    String[] arguments = line.replace("FILE", file("a").toString()).split(" ");

    Run run = Run.of(line.isEmpty() ? new String[0] : arguments);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).isNotEmpty();
    assertThat(run.out()).isEmpty();
  }

  @Test
  void validate_saysWhatWillHold() throws IOException {
    Path file = file("credit");

    Run run = Run.of("validate", file.toString());

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .isEqualToNormalizingNewlines(
            "model credit: mode observe, stable 1, guardrails: errors against stable; backend none\n"
                + file
                + ": fine\n");
  }

  @Test
  void validate_saysWhichLimitsAreNotTheDefaults() throws IOException {
    Path file = file("credit");
    Files.writeString(
        file,
        Files.readString(file) + "\nlimits: {models: 7, versions: 64, request-size: 30MiB}\n");

    assertThat(Run.of("validate", file.toString()).out())
        .contains("\nlimits: models 7, request-size 30MiB\n");
  }

  @Test
  void validate_listsEveryMistake() throws IOException {
    Path file =
        Files.writeString(folder.resolve("bad.yaml"), "modles: []\nalerts: {}\nmodels: []\n");

    Run run = Run.of("validate", file.toString());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            file
                + ":1:1: modles: unknown key (nearest known key: models)\n"
                + file
                + ":2:9: alerts: a mapping (expected: a list)\n"
                + file
                + ":3:9: models: no model (expected: at least one)\n"
                + "3 errors\n");
  }

  @Test
  void validateConnect_tellsWhatCannotBeReached() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("b.yaml"),
            "models:\n  - name: credit\n    guardrails: [{signal: errors, max: 5%}]\n"
                + "    backend: {type: webhook, url: \"http://127.0.0.1:"
                + closedPort()
                + "/traffic\"}\n");

    Run run = Run.of("validate", file.toString(), "--connect");

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).contains("model credit: backend webhook: ").contains("cannot connect");
  }

  @Test
  void status_showsEveryVersion() {
    Run run = Run.of("status", "--url", face.url());

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .isEqualToNormalizingNewlines(
            """
            MODEL   VERSION     SHARE  STANDING  BREAKER  SINCE                     VERDICTS
            credit  1 (stable)  80 %   GOOD      CLOSED   2026-11-21T02:20:00.100Z  -
            credit  2           20 %   UNKNOWN   CLOSED   2026-11-21T02:20:00.100Z  errors against stable PASS
            """);
  }

  @Test
  void status_isAFindingWhenABreakerIsOpen() {
    ModelState state = models.states.get(0);
    Event trip = new Event.Ordered(FakeModels.NOW, Verb.TRIP, "2", "ada", "looks odd", null, null);
    models.states.set(0, Engine.step(state, trip).next());

    Run run = Run.of("status", "--url", face.url());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("FORCED_OPEN").contains("credit 2: see breakwater decisions ");
  }

  @Test
  void statusAsJson_isTheApisAnswer() throws IOException {
    JsonNode json = ApiClient.JSON.readTree(Run.of("status", "--json", "--url", face.url()).out());

    assertThat(json.at("/0/model").asText()).isEqualTo("credit");
  }

  @Test
  void order_isGivenInTheUsersName() {
    Run run =
        Run.of(
            "trip",
            "credit",
            "2",
            "--reason",
            "looks odd",
            "--expires",
            "1h",
            "--by",
            "ada",
            "--url",
            face.url());

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .isEqualToNormalizingNewlines(
            "credit 2 is FORCED_OPEN: version 2 is out (decision 20261121T022010.000Z-credit-2-8)\n");
    assertThat(models.orders)
        .containsExactly(
            new Order(
                "credit",
                "2",
                Verb.TRIP,
                "unnamed (claimed: ada)",
                "looks odd",
                Duration.ofHours(1),
                null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset", "hold", "release", "promote", "disable"})
  void everyVerb_reachesTheCollector(String verb) {
    Run run = Run.of(verb, "credit", "2", "--reason", "x", "--url", face.url());

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(models.orders)
        .extracting(order -> order.verb().name().toLowerCase())
        .containsExactly(verb);
  }

  @Test
  void approve_namesItsDecision() {
    Run.of("approve", "credit", "2", "--reason", "x", "--decision", "d-1", "--url", face.url());

    assertThat(models.orders).extracting(Order::decision).containsExactly("d-1");
  }

  @Test
  void orderThatChangesNothing_isAFinding() {
    models.answer =
        CompletableFuture.completedFuture(new OrderOutcome(null, "CLOSED", "it is closed"));

    Run run = Run.of("reset", "credit", "2", "--reason", "x", "--url", face.url());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("nothing changed: it is closed");
  }

  @Test
  void unknownModel_isWrongInput() {
    Run run = Run.of("trip", "credt", "2", "--reason", "x", "--url", face.url());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .isEqualToNormalizingNewlines("model credt is unknown (expected: one of credit)\n");
  }

  @Test
  void decisions_areListedNewestFirst() {
    Run run = Run.of("decisions", "--url", face.url());

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .isEqualToNormalizingNewlines(
            """
            AT                        MODEL   VERSION  KIND      BREAKER             DECISION
            2026-11-21T02:20:01.530Z  credit  2        VERIFIED  TRIPPING -> OPEN    20261121T022000.330Z-credit-2-7
            2026-11-21T02:20:00.330Z  credit  2        TRIPPED   CLOSED -> TRIPPING  20261121T022000.330Z-credit-2-7
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"20261121T022000.330Z-credit-2-7", "last"})
  void decision_isExplainedInOneScreen(String id) throws IOException {
    Run run = Run.of("decisions", id, "--url", face.url());

    String golden =
        new String(
            MainTest.class.getResourceAsStream("/golden/decision_trip.txt").readAllBytes(),
            "UTF-8");
    assertThat(run.out()).isEqualToNormalizingNewlines(golden);
    assertThat(golden.lines()).hasSizeLessThanOrEqualTo(24);
  }

  @Test
  void decisionAsJson_isTheRecords() throws IOException {
    JsonNode json =
        ApiClient.JSON.readTree(Run.of("decisions", "last", "--json", "--url", face.url()).out());

    assertThat(json.findValuesAsText("kind")).containsExactly("TRIPPED", "VERIFIED");
  }

  @Test
  void unknownDecision_isWrongInput() {
    Run run = Run.of("decisions", "nope", "--url", face.url());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("decision nope is unknown");
  }

  @Test
  void watch_followsUntilTheCollectorEnds() throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(
            () ->
                Main.run(
                    new PrintWriter(out),
                    new PrintWriter(err, true),
                    "watch",
                    "--lines",
                    "--url",
                    face.url()));
    Instant deadline = Instant.now().plusSeconds(60);
    while (!out.toString().contains("TRIPPED CLOSED -> TRIPPING")) {
      assertThat(Instant.now()).as(out + "%n" + err).isBefore(deadline);
      models.listeners.forEach(listener -> listener.recorded(models.records.get(0)));
      TimeUnit.MILLISECONDS.sleep(20);
    }
    face.close();

    assertThat(status.get(60, TimeUnit.SECONDS)).isEqualTo(3);
    assertThat(out.toString())
        .contains("2026-11-21T02:20:10Z credit 2: errors against stable PASS");
    assertThat(err.toString()).contains("the collector ended the connection");
  }

  @Test
  void collectorThatIsNotThere_isStatus3() throws IOException {
    String url = "http://127.0.0.1:" + closedPort();

    for (String verb : List.of("status", "decisions", "watch")) {
      Run run = Run.of(verb, "--url", url);
      assertThat(run.status()).isEqualTo(3);
      assertThat(run.err())
          .startsWith(
              "cannot reach " + url + ": Connection refused (expected: a running collector");
    }
  }

  @Test
  void token_isSent() {
    face.close();
    face = new RunningFace(models, List.of(new Token("people", Role.READ, "s3cret")));

    assertThat(Run.of("status", "--url", face.url(), "--token", "s3cret").status()).isZero();
    Run without = Run.of("status", "--url", face.url());
    assertThat(without.status()).isEqualTo(2);
    assertThat(without.err()).contains("no known token").contains("--token");
    Run order =
        Run.of("trip", "credit", "2", "--reason", "x", "--url", face.url(), "--token", "s3cret");
    assertThat(order.status()).isEqualTo(2);
    assertThat(order.err()).contains("a token of role operate");
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Path file(String model) throws IOException {
    return Files.writeString(
        folder.resolve("b.yaml"),
        "models:\n  - {name: "
            + model
            + ", stable: 1, guardrails: [{signal: errors, against: stable}]}\n");
  }
}
