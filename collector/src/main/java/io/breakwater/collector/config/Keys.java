package io.breakwater.collector.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys of one section of the guardrail file. The JSON Schema and the documentation are checked
 * against them.
 *
 * @param section the section's name in the JSON Schema
 * @param known keys that have an effect
 * @param later keys that a later version gives an effect, with what there is instead now
 */
record Keys(String section, Set<String> known, Map<String, String> later) {
  /** What there is instead of measures of later versions, for messages. */
  private static final String MEASURES_NOW =
      "\"against: stable\" or \"max: SHARE\" for errors, \"slower-than:\" or \"quantile:\" for"
          + " duration, \"drift: native\" for the rest";

  /** What there is instead of references of later versions. */
  private static final String REFERENCES_NOW = "version and rows, or file";

  static final Keys FILE =
      new Keys(
          "file",
          Set.of("models", "alerts", "listen", "auth", "tls", "outgoing", "retention", "limits"),
          Map.of());

  static final Keys LISTEN =
      new Keys("listen", Set.of("host", "otlp-grpc-port", "otlp-http-port", "http-port"), Map.of());

  static final Keys RETENTION =
      new Keys(
          "retention",
          Set.of("decisions", "inputs", "replay", "journal-size", "replay-size"),
          Map.of());

  static final Keys LIMITS = new Keys("limits", Limits.DEFAULTS.shown().keySet(), Map.of());

  static final Keys AUTH = new Keys("auth", Set.of("tokens"), Map.of());

  static final Keys TOKEN = new Keys("token", Set.of("name", "role", "secret"), Map.of());

  static final Keys TLS =
      new Keys(
          "tls", Set.of("certificate", "key", "client-ca", "client-auth", "clients"), Map.of());

  static final Keys CLIENT = new Keys("client", Set.of("name", "role"), Map.of());

  static final Keys OUTGOING = new Keys("outgoing", Set.of("allow"), Map.of());

  static final Keys MODEL =
      new Keys(
          "model",
          Set.of(
              "name",
              "stable",
              "mode",
              "reference",
              "false-alarms",
              "guardrails",
              "warmup",
              "breaker",
              "backend",
              "alert"),
          Map.of());

  static final Keys REFERENCE =
      new Keys(
          "reference",
          Set.of("version", "rows", "file"),
          Map.of("window", REFERENCES_NOW, "season", REFERENCES_NOW));

  static final Keys WARMUP = new Keys("warmup", Set.of("calls", "time"), Map.of());

  static final Keys GUARDRAIL =
      new Keys(
          "guardrail",
          Set.of(
              "signal",
              "name",
              "against",
              "max",
              "slower-than",
              "quantile",
              "drift",
              "tolerance",
              "alpha",
              "then",
              "breaches",
              "severe"),
          Map.of(
              "distance", MEASURES_NOW,
              "window", MEASURES_NOW,
              "for", MEASURES_NOW,
              "segment", "all rows together"));

  static final Keys BREAKER =
      new Keys(
          "breaker",
          Set.of(
              "cooldown",
              "trips-before-latch",
              "no-data",
              "approval-timeout",
              "on-approval-timeout",
              "verify-within",
              "drain",
              "half-open"),
          Map.of());

  static final Keys HALF_OPEN = new Keys("half-open", Set.of("share", "deadline"), Map.of());

  static final Keys ALERT =
      new Keys("alert", Set.of("name", "webhook", "alertmanager", "secret"), Map.of());

  /** Every section whose keys are fixed; those of {@code backend:} are its provider's. */
  static final List<Keys> SECTIONS =
      List.of(
          FILE, LISTEN, AUTH, TOKEN, TLS, CLIENT, OUTGOING, RETENTION, LIMITS, MODEL, REFERENCE,
          GUARDRAIL, WARMUP, BREAKER, HALF_OPEN, ALERT);

  /** All words that may be meant. */
  Set<String> all() {
    Set<String> all = new TreeSet<>(known);
    all.addAll(later.keySet());
    return all;
  }
}
