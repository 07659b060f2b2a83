package io.breakwater.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

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

    ObjectNode json = new RunResult(observe(Scenario.ERRORS), "webhook", 0.5, 140).toJson();

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
            "decision");
    assertThat(json.path("first_bad_to_last_bad_seconds").asDouble()).isEqualTo(0.25);
    assertThat(json.path("bad_from").asText()).isEqualTo("2026-11-21T02:00:10Z");
    assertThat(json.path("decision").path("decision").asText()).isEqualTo("d-1");
  }

  @Test
  void json_ofAGoodRun_hasNulls() {
    traffic(0, 20_000);

    ObjectNode json = new RunResult(observe(Scenario.GOOD), "webhook", 0.5, -1).toJson();

    assertThat(json.path("first_bad_to_last_bad_seconds").isNull()).isTrue();
    assertThat(json.path("alert_seconds").isNull()).isTrue();
    assertThat(json.path("decision").isNull()).isTrue();
    assertThat(json.path("failing_share").asDouble()).isZero();
  }

  private Observation observe(Scenario scenario) {
    Instant badFrom = scenario == Scenario.ERRORS ? at(10_000) : at(20_000);
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
            answer.version().equals(Stack.CANARY) && within(answer, fromMillis, untilMillis)
                ? new Answer(answer.sentAt(), answer.at(), 500, Stack.CANARY)
                : answer);
  }

  private void canaryServesUntil(int millis) {
    answers.replaceAll(
        answer ->
            within(answer, millis, 20_000)
                ? new Answer(answer.sentAt(), answer.at(), 200, Stack.STABLE)
                : answer);
  }

  private void tripped(int millis) {
    ObjectNode json = JSON.createObjectNode().put("decision", "d-1");
    decisions.add(new Decision("d-1", "TRIPPED", at(millis), Stack.CANARY, "errors", json));
    alerts.add(new Alert(at(millis + 5), "io.breakwater.breaker.tripped", true));
  }

  private static boolean isCanarys(int millis) {
    return millis / 10 % 5 == 4;
  }

  private static boolean within(Answer answer, int fromMillis, int untilMillis) {
    return !answer.at().isBefore(at(fromMillis)) && answer.at().isBefore(at(untilMillis));
  }

  private static Instant at(int millis) {
    return START.plusMillis(millis);
  }
}
