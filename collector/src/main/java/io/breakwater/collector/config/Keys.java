package io.breakwater.collector.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
  /** What guardrails can be made of now, for messages. */
  private static final String GUARDRAILS_NOW =
      "signal: errors, with \"against: stable\" or \"max: SHARE\"";

  static final Keys FILE =
      new Keys(
          "file",
          Set.of("models", "alerts", "listen", "auth"),
          Map.of("tls", "auth, or TLS in front of the collector"));

  static final Keys LISTEN =
      new Keys(
          "listen",
          Set.of("host", "otlp-http-port", "http-port"),
          Map.of("otlp-grpc-port", "otlp-http-port"));

  static final Keys AUTH = new Keys("auth", Set.of("tokens"), Map.of());

  static final Keys TOKEN = new Keys("token", Set.of("name", "role", "secret"), Map.of());

  static final Keys MODEL =
      new Keys(
          "model",
          Set.of("name", "stable", "mode", "guardrails", "breaker", "backend", "alert"),
          later("reference", "false-alarms", "warmup"));

  static final Keys GUARDRAIL =
      new Keys(
          "guardrail",
          Set.of("signal", "name", "against", "max", "alpha", "then", "breaches", "severe"),
          later(
              "quantile",
              "slower-than",
              "drift",
              "tolerance",
              "distance",
              "window",
              "for",
              "segment"));

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
      List.of(FILE, LISTEN, AUTH, TOKEN, MODEL, GUARDRAIL, BREAKER, HALF_OPEN, ALERT);

  private static Map<String, String> later(String... keys) {
    Map<String, String> later = new TreeMap<>();
    for (String key : keys) {
      later.put(key, GUARDRAILS_NOW);
    }
    return later;
  }

  /** All words that may be meant. */
  Set<String> all() {
    Set<String> all = new TreeSet<>(known);
    all.addAll(later.keySet());
    return all;
  }
}
