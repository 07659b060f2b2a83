package io.breakwater.collector.http;

import io.breakwater.signals.Metrics;
import java.util.ArrayList;
import java.util.List;

/**
 * The collector's own metrics: names, labels, meaning. {@code docs/metrics.md} is checked against
 * it.
 */
final class MetricTable {
  /** One metric, with the suffix its type has in the exposition. */
  record Entry(String name, List<String> labels, String help) {}

  static final Entry GUARDRAIL_VERDICT =
      new Entry(
          "breakwater_guardrail_verdict",
          List.of("model", "version", "guardrail", "verdict"),
          "1 for the verdict of the guardrail now, 0 for the others.");
  static final Entry GUARDRAIL_EVIDENCE =
      new Entry(
          "breakwater_guardrail_evidence",
          List.of("model", "version", "guardrail"),
          "Logarithm of the detector's value over that of its threshold; breaches at 1.");
  static final Entry BREAKER_STATE =
      new Entry(
          "breakwater_breaker_state",
          List.of("model", "version", "state"),
          "1 for the state the breaker is in, 0 for the others.");
  static final Entry TRAFFIC_SHARE =
      new Entry(
          "breakwater_traffic_share",
          List.of("model", "version"),
          "Share of the model's live calls in the last 10 s, 0 to 1.");
  static final Entry MODEL_FINDING =
      new Entry(
          "breakwater_model_finding",
          List.of("model", "finding"),
          "1 while the finding holds, else 0.");
  static final Entry AGENT_LAST_SEEN =
      new Entry(
          "breakwater_agent_last_seen_timestamp_seconds",
          List.of("model", "service_instance_id"),
          "When a serving process was last heard of, in seconds since 1970.");

  static final Entry DRIFT_EVIDENCE =
      new Entry(
          "breakwater_drift_evidence",
          List.of("model", "version", "signal"),
          "Logarithm of the drift detector's value over that of its threshold; breaches at 1.");
  static final Entry DRIFT_STATISTIC =
      new Entry(
          "breakwater_drift_statistic",
          List.of("model", "version", "signal", "statistic"),
          "Distance of the last 5 minutes from the reference: psi, js_distance, ks, wasserstein_norm.");
  static final Entry DRIFT_HIDDEN =
      new Entry(
          "breakwater_drift_signals_not_shown",
          List.of("model"),
          "Judged signals beyond the 200 with the strongest evidence, of which no metric is shown.");

  static final Entry BREAKER_TRIPS =
      new Entry(
          "breakwater_breaker_trips_total",
          List.of("model", "version"),
          "Automatic trips since the collector started.");
  static final Entry BREAKER_WOULD_TRIP =
      new Entry(
          "breakwater_breaker_would_trip_total",
          List.of("model", "version"),
          "Breaches in mode observe that would have tripped the breaker.");
  static final Entry ROLLBACK =
      new Entry(
          "breakwater_rollback_total",
          List.of("backend", "outcome"),
          "Traffic shifts that ended, by outcome: verified or failed.");
  static final Entry ROLLBACK_SECONDS =
      new Entry(
          "breakwater_rollback_seconds",
          List.of(),
          "Time from the first bad evidence to the verified traffic shift.");

  static final Entry INGEST_POINTS =
      new Entry("breakwater_ingest_points_total", List.of(), "Data points received and used.");
  static final Entry INGEST_DROPPED =
      new Entry(
          "breakwater_ingest_dropped_total",
          List.of("reason"),
          "Data points, or whole requests counted as one, received and not used.");

  static final Entry REQUESTS_REFUSED =
      new Entry(
          "breakwater_requests_refused_total",
          List.of("wanted", "reason"),
          "Requests that were not allowed, by what they asked for and why not.");

  static final Entry ALERTS =
      new Entry(
          "breakwater_alerts_total",
          List.of("target", "outcome"),
          "Attempts to tell an alert target, by outcome: delivered, retried or dropped.");

  static final Entry JOURNAL_COMMIT =
      new Entry(
          "breakwater_journal_commit_seconds",
          List.of(),
          "Time that a transaction of the journal took until it was on disk.");
  static final Entry JOURNAL_WAITING =
      new Entry(
          "breakwater_journal_waiting",
          List.of(),
          "Entries and notes that wait to be written to the journal.");
  static final Entry STORE_FAILING =
      new Entry(
          "breakwater_store_failing",
          List.of("file"),
          "1 while the file cannot be written, else 0.");
  static final Entry STORE_BYTES =
      new Entry(
          "breakwater_store_bytes", List.of("file"), "Size of the file on disk, its log included.");
  static final Entry REPLAY_LOST =
      new Entry(
          "breakwater_replay_lost_total",
          List.of(),
          "Stretches of received inputs that could not be kept for replay.");

  static final Entry INFERENCE_CALLS =
      new Entry(
          "ml_inference_calls_total",
          List.of("ml_model_name", "ml_model_version"),
          "Live calls that ended, failures included.");
  static final Entry INFERENCE_ERRORS =
      new Entry(
          "ml_inference_errors_total",
          List.of("ml_model_name", "ml_model_version", "error_type"),
          "Live calls that failed.");
  static final Entry INFERENCE_DURATION =
      new Entry(
          Metrics.INFERENCE_DURATION.prometheusName(),
          List.of("ml_model_name", "ml_model_version"),
          Metrics.INFERENCE_DURATION.description());
  static final Entry INFERENCE_SCORE =
      new Entry(
          Metrics.INFERENCE_SCORE.prometheusName(),
          List.of("ml_model_name", "ml_model_version", "ml_output_name"),
          Metrics.INFERENCE_SCORE.description());

  static final List<Entry> GAUGES =
      List.of(
          GUARDRAIL_VERDICT,
          GUARDRAIL_EVIDENCE,
          BREAKER_STATE,
          TRAFFIC_SHARE,
          MODEL_FINDING,
          AGENT_LAST_SEEN,
          DRIFT_EVIDENCE,
          DRIFT_STATISTIC,
          DRIFT_HIDDEN);

  private static final List<Entry> OTHERS =
      List.of(
          BREAKER_TRIPS,
          BREAKER_WOULD_TRIP,
          ROLLBACK,
          ROLLBACK_SECONDS,
          INGEST_POINTS,
          INGEST_DROPPED,
          REQUESTS_REFUSED,
          ALERTS,
          JOURNAL_COMMIT,
          JOURNAL_WAITING,
          STORE_FAILING,
          STORE_BYTES,
          REPLAY_LOST,
          INFERENCE_CALLS,
          INFERENCE_ERRORS,
          INFERENCE_DURATION,
          INFERENCE_SCORE);

  /** The names a breaker's state can have. */
  static final List<String> BREAKER_STATES =
      List.of(
          "OBSERVING",
          "CLOSED",
          "SUSPECT",
          "PENDING_APPROVAL",
          "TRIPPING",
          "OPEN",
          "HALF_OPEN",
          "FAILED_ACTION",
          "REVERTED",
          "FORCED_OPEN",
          "FORCED_CLOSED",
          "DISABLED");

  private MetricTable() {}

  /** Every metric. */
  static List<Entry> all() {
    List<Entry> all = new ArrayList<>(GAUGES);
    all.addAll(OTHERS);
    return all;
  }
}
