package io.breakwater.examples.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;

/**
 * A run's settings and what was seen in it.
 *
 * @param failing share of the requests that lacked the optional column
 * @param slower how much longer the canary's heavy build takes; counts in scenario {@code latency}
 * @param collectorPeakMebibytes resident size, or -1 when unknown
 */
record RunResult(
    Observation observation,
    String backend,
    double failing,
    double slower,
    long collectorPeakMebibytes) {
  private static final ObjectMapper JSON = new ObjectMapper();

  boolean success() {
    return observation.problems().isEmpty();
  }

  /** The measured facts, for {@code --json}. */
  ObjectNode toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("scenario", observation.scenario().toString());
    json.put("backend", backend);
    json.put("expected", observation.scenario().expected());
    json.put("observed", observation.observed());
    json.put("predictions", observation.predictions());
    double canaryShare = observation.canaryShare();
    json.put("canary_share", Double.isNaN(canaryShare) ? null : (Double) canaryShare);
    json.put("failing_share", observation.scenario() == Scenario.ERRORS ? failing : 0);
    json.put("bad_from", observation.badFrom().toString());
    put(json, "first_bad_to_last_bad_seconds", observation.firstBadToLastBad());
    put(json, "first_bad_to_trip_seconds", observation.firstBadToTrip());
    json.put("bad_answers_served", observation.badAnswers().size());
    put(json, "alert_seconds", observation.firstBadToAlert());
    json.put("trips", observation.trips());
    putFactsOf(observation.scenario(), json);
    json.set("decision", observation.trip().map(CollectorApi.Decision::json).orElse(null));
    return json;
  }

  /** Facts that only some scenarios have. */
  private void putFactsOf(Scenario scenario, ObjectNode json) {
    if (scenario.mustTrip()) {
      json.put("first_bad", observation.firstBad().map(b -> b.at().toString()).orElse(null));
      json.put(
          "canary_predictions_until_trip", observation.canaryPredictionsUntilTrip().orElse(null));
    }
    if (scenario == Scenario.LATENCY) {
      json.put("slower", slower);
      put(json, "canary_median_before_seconds", observation.medianLatency(Stack.CANARY, true));
      put(json, "canary_median_seconds", observation.medianLatency(Stack.CANARY, false));
      put(json, "stable_median_seconds", observation.medianLatency(Stack.STABLE, false));
    }
    if (scenario == Scenario.DRIFT) {
      double shift = observation.scoreShift();
      json.put("score_shift_sd", Double.isNaN(shift) ? null : (Double) shift);
    }
  }

  private static void put(ObjectNode json, String key, Optional<Duration> duration) {
    json.put(key, duration.map(RunResult::seconds).orElse(null));
  }

  /** Seconds with a fraction. */
  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
