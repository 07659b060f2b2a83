package io.breakwater.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.examples.demo.AlertReceiver.Alert;
import io.breakwater.examples.demo.CollectorApi.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs of 20 s at 100 predictions/s; the warm-up ends at 5 s, requests turn bad at 10 s. */
class ObservationTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant START = Instant.parse("2026-11-21T02:00:00Z");
  private static final int RATE = 100;

  private final List<Answer> answers = new ArrayList<>();
  private final List<Decision> decisions = new ArrayList<>();
  private final List<Alert> alerts = new ArrayList<>();

  @Test
  void rollback_isTheExpectedOutcomeOfErrors() {
    traffic(0, 20_000);
    canaryFailsBetween(10_010, 10_300);
    canaryServesUntil(10_300);
    tripped(10_250);

    Observation seen = observe(Scenario.ERRORS);

    assertThat(seen.problems()).isEmpty();
    assertThat(seen.observed()).isEqualTo("trip");
    assertThat(seen.predictions()).isEqualTo(1_500);
    assertThat(seen.canaryShare()).isEqualTo(0.2);
    assertThat(seen.badAnswers()).hasSize(6);
    assertThat(seen.firstBadToLastBad()).contains(Duration.ofMillis(250));
    assertThat(seen.firstBadToTrip()).contains(Duration.ofMillis(210));
    assertThat(seen.firstBadToAlert()).contains(Duration.ofMillis(215));
  }

  @Test
  void noTrip_isAProblemOfErrors() {
    traffic(0, 20_000);
    canaryFailsBetween(10_010, 20_000);

    assertThat(observe(Scenario.ERRORS).problems())
        .contains("trips: 0 (expected: 1)", "clients got bad answers until the end");
  }

  @Test
  void badAnswersLongAfterTheTrip_areAProblem() {
    traffic(0, 20_000);
    canaryFailsBetween(10_010, 12_500);
    canaryServesUntil(12_500);
    tripped(10_250);

    assertThat(observe(Scenario.ERRORS).problems())
        .containsExactly("5 bad answers later than 2 s after the trip");
  }

  @Test
  void failuresThatTheBugDoesNotExplain_areAProblem() {
    traffic(0, 20_000);
    canaryFailsBetween(10_010, 10_300);
    canaryServesUntil(10_300);
    tripped(10_250);
    answers.set(1_200, new Answer(at(12_000), at(12_000), 502, "1"));
    answers.set(1_201, new Answer(at(12_010), at(12_010), 0, ""));

    assertThat(observe(Scenario.ERRORS).problems())
        .containsExactly("2 requests failed otherwise than by the canary's bug");
  }

  @Test
  void unsignedAlert_doesNotCount() {
    traffic(0, 20_000);
    canaryFailsBetween(10_010, 10_300);
    canaryServesUntil(10_300);
    tripped(10_250);
    alerts.set(0, new Alert(at(10_255), "io.breakwater.breaker.tripped", false));

    assertThat(observe(Scenario.ERRORS).problems())
        .containsExactly("no alert with a right signature told of the trip");
  }

  @Test
  void trafficThatStops_isAProblem() {
    traffic(0, 14_000);
    canaryFailsBetween(10_010, 10_300);
    canaryServesUntil(10_300);
    tripped(10_250);

    assertThat(observe(Scenario.ERRORS).problems())
        .singleElement()
        .asString()
        .startsWith("good answers:");
  }

  @Test
  void tripBeforeAnythingWentBad_isAProblem() {
    traffic(0, 20_000);
    canaryFailsBetween(10_010, 10_300);
    tripped(9_000);

    assertThat(observe(Scenario.ERRORS).problems()).contains("tripped before anything went bad");
  }

  @Test
  void tripByAnotherSignal_isAProblem() {
    traffic(0, 20_000);
    canaryFailsBetween(10_010, 10_300);
    canaryServesUntil(10_300);
    tripped(10_250, "duration");

    assertThat(observe(Scenario.ERRORS).problems())
        .containsExactly("tripped on duration (expected: errors)");
  }

  @Test
  void slowAnswers_areTheCanarysSinceTheHeavyBuild() {
    traffic(0, 20_000);
    canaryServesUntil(10_600);
    canaryTakes(30, 10_000);
    tripped(10_450, "duration");

    Observation seen = observe(Scenario.LATENCY);

    assertThat(seen.problems()).isEmpty();
    assertThat(seen.badAnswers()).hasSize(12);
    assertThat(seen.firstBad().orElseThrow().at()).isEqualTo(at(10_070));
    assertThat(seen.firstBadToLastBad()).contains(Duration.ofMillis(550));
    assertThat(seen.firstBadToTrip()).contains(Duration.ofMillis(380));
    assertThat(seen.canaryPredictionsUntilTrip()).contains(8L);
    assertThat(seen.medianLatency(Stack.CANARY, true)).contains(Duration.ZERO);
    assertThat(seen.medianLatency(Stack.CANARY, false)).contains(Duration.ofMillis(30));
    assertThat(seen.medianLatency(Stack.STABLE, false)).contains(Duration.ZERO);
  }

  @Test
  void slowAnswersUntilTheEnd_areAProblem() {
    traffic(0, 20_000);

    assertThat(observe(Scenario.LATENCY).problems())
        .containsExactly(
            "trips: 0 (expected: 1)",
            "clients got slow answers until the end",
            "no alert with a right signature told of the trip");
  }

  @Test
  void failures_areAProblemOfLatencyAndDrift() {
    traffic(0, 20_000);
    canaryFailsBetween(10_010, 10_100);
    canaryServesUntil(10_600);
    tripped(10_450, "score");

    assertThat(observe(Scenario.DRIFT).problems())
        .containsExactly("2 requests failed (expected: 0)");
  }

  @Test
  void skewedScores_areMeasuredInTheStableVersionsDeviations() {
    traffic(0, 20_000);
    canaryServesUntil(10_600);
    tripped(10_450, "score");
    answers.replaceAll(
        answer ->
            withScore(
                answer,
                answer.version().equals(Stack.STABLE)
                    ? answers.indexOf(answer) % 2 == 0 ? 0.25 : 0.75
                    : answer.sentAt().isBefore(at(10_000)) ? 0.5 : 0.75));

    Observation seen = observe(Scenario.DRIFT);

    assertThat(seen.problems()).isEmpty();
    assertThat(seen.meanScore(Stack.CANARY, true)).isEqualTo(0.5);
    assertThat(seen.meanScore(Stack.CANARY, false)).isEqualTo(0.75);
    assertThat(seen.scoreShift()).isCloseTo(1, within(0.01));
    assertThat(seen.canaryPredictionsUntilTrip()).contains(9L);
  }

  @Test
  void json_ofLatencyAndDrift_hasTheirFacts() {
    traffic(0, 20_000);
    canaryServesUntil(10_600);
    canaryTakes(30, 10_000);
    tripped(10_450, "duration");

    ObjectNode latency = result(Scenario.LATENCY).toJson();
    assertThat(latency.path("slower").asDouble()).isEqualTo(3);
    assertThat(latency.path("failing_share").asDouble()).isZero();
    assertThat(latency.path("first_bad").asText()).isEqualTo("2026-11-21T02:00:10.070Z");
    assertThat(latency.path("canary_predictions_until_trip").asInt()).isEqualTo(8);
    assertThat(latency.path("canary_median_before_seconds").asDouble()).isZero();
    assertThat(latency.path("canary_median_seconds").asDouble()).isEqualTo(0.03);
    assertThat(latency.path("stable_median_seconds").asDouble()).isZero();

    ObjectNode drift = result(Scenario.DRIFT).toJson();
    assertThat(drift.path("score_shift_sd").isNull()).as("answers without scores").isTrue();
    assertThat(drift.has("slower")).isFalse();
  }

  @Test
  void good_withoutTripOrError_isASuccess() {
    traffic(0, 20_000);

    Observation seen = observe(Scenario.GOOD);

    assertThat(seen.problems()).isEmpty();
    assertThat(seen.observed()).isEqualTo("no trip");
    assertThat(seen.firstBadToLastBad()).isEmpty();
  }

  @Test
  void good_thatTrips_isAFailure() {
    traffic(0, 20_000);
    canaryServesUntil(12_000);
    tripped(12_000);

    assertThat(observe(Scenario.GOOD).problems())
        .containsExactly(
            "trips: 1 (expected: 0)",
            "the canary's traffic was taken away: share 0.000 at the end");
  }

  @Test
  void json_hasTheFieldsOthersRelyOn() {
    traffic(0, 20_000);
    canaryFailsBetween(10_010, 10_300);
    canaryServesUntil(10_300);
    tripped(10_250);

    ObjectNode json = result(Scenario.ERRORS).toJson();

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "scenario",
            "backend",
            "expected",
            "observed",
            "predictions",
            "canary_share",
            "failing_share",
            "bad_from",
            "first_bad_to_last_bad_seconds",
            "first_bad_to_trip_seconds",
            "bad_answers_served",
            "alert_seconds",
            "trips",
            "first_bad",
            "canary_predictions_until_trip",
            "decision");
    assertThat(json.path("first_bad_to_last_bad_seconds").asDouble()).isEqualTo(0.25);
    assertThat(json.path("bad_from").asText()).isEqualTo("2026-11-21T02:00:10Z");
    assertThat(json.path("decision").path("decision").asText()).isEqualTo("d-1");
  }

  @Test
  void json_ofAGoodRun_hasNulls() {
    traffic(0, 20_000);

    ObjectNode json = result(Scenario.GOOD).toJson();

    assertThat(json.path("first_bad_to_last_bad_seconds").isNull()).isTrue();
    assertThat(json.path("alert_seconds").isNull()).isTrue();
    assertThat(json.path("decision").isNull()).isTrue();
    assertThat(json.path("failing_share").asDouble()).isZero();
  }

  private RunResult result(Scenario scenario) {
    return new RunResult(observe(scenario), "webhook", 0.5, 3, 140);
  }

  private Observation observe(Scenario scenario) {
    Instant badFrom = scenario.mustTrip() ? at(10_000) : at(20_000);
    return new Observation(
        scenario, answers, decisions, alerts, at(5_000), badFrom, at(20_000), RATE);
  }

  /** A good answer every 10 ms, each fifth by the canary. */
  private void traffic(int fromMillis, int untilMillis) {
    for (int t = fromMillis; t < untilMillis; t += 10) {
      answers.add(new Answer(at(t), at(t), 200, isCanarys(t) ? Stack.CANARY : Stack.STABLE));
    }
  }

  private void canaryFailsBetween(int fromMillis, int untilMillis) {
    answers.replaceAll(
        answer ->
            answer.version().equals(Stack.CANARY) && isBetween(answer, fromMillis, untilMillis)
                ? new Answer(answer.sentAt(), answer.at(), 500, Stack.CANARY)
                : answer);
  }

  private void canaryServesUntil(int millis) {
    answers.replaceAll(
        answer ->
            isBetween(answer, millis, 20_000)
                ? new Answer(answer.sentAt(), answer.at(), 200, Stack.STABLE)
                : answer);
  }

  private void tripped(int millis) {
    tripped(millis, "errors");
  }

  private void tripped(int millis, String signal) {
    ObjectNode json = JSON.createObjectNode().put("decision", "d-1");
    json.putObject("evidence").put("signal", signal);
    decisions.add(new Decision("d-1", "TRIPPED", at(millis), Stack.CANARY, signal, json));
    alerts.add(new Alert(at(millis + 5), "io.breakwater.breaker.tripped", true));
  }

  private void canaryTakes(int millis, int fromMillis) {
    answers.replaceAll(
        answer ->
            answer.version().equals(Stack.CANARY) && !answer.sentAt().isBefore(at(fromMillis))
                ? new Answer(answer.sentAt(), answer.at().plusMillis(millis), 200, Stack.CANARY)
                : answer);
  }

  private static Answer withScore(Answer answer, double score) {
    return new Answer(answer.sentAt(), answer.at(), answer.status(), answer.version(), score);
  }

  private static boolean isCanarys(int millis) {
    return millis / 10 % 5 == 4;
  }

  private static boolean isBetween(Answer answer, int fromMillis, int untilMillis) {
    return !answer.at().isBefore(at(fromMillis)) && answer.at().isBefore(at(untilMillis));
  }

  private static Instant at(int millis) {
    return START.plusMillis(millis);
  }
}
