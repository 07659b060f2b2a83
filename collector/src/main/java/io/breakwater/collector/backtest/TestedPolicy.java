package io.breakwater.collector.backtest;

import io.breakwater.collector.config.Nearest;
import io.breakwater.collector.csv.CsvException;
import io.breakwater.collector.csv.SignalColumn;
import io.breakwater.collector.csv.SignalColumns;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Guardrail.Drift;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.ReferenceSource;
import io.breakwater.engine.policy.Then;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A policy as it is backtested: its drift guardrails, each of which only tells. Rows have no calls
 * that fail or take long, and there is no other version to compare with, so the other guardrails
 * cannot be tested, and a drift guardrail is judged against the reference alone.
 */
public final class TestedPolicy {
  private final List<Drift> rules;
  private final List<Guardrail> untested;
  private final ModelPolicy policy;
  private final String version;

  private TestedPolicy(
      List<Drift> rules, List<Guardrail> untested, ModelPolicy policy, String version) {
    this.rules = rules;
    this.untested = untested;
    this.policy = policy;
    this.version = version;
  }

  /**
   * The part of a policy that rows can test.
   *
   * @param digest of the reference to compare with, or null for the policy's own
   */
  public static TestedPolicy of(ModelPolicy policy, @Nullable String digest) {
    List<Drift> rules = new ArrayList<>();
    List<Guardrail> untested = new ArrayList<>();
    List<Guardrail> telling = new ArrayList<>();
    for (Guardrail guardrail : policy.guardrails()) {
      if (guardrail instanceof Drift drift) {
        rules.add(drift);
        telling.add(
            new Drift(
                drift.name(), drift.signal(), drift.tolerance(), Then.ALERT, drift.breaches()));
      } else {
        untested.add(guardrail);
      }
    }
    ReferenceSource reference =
        digest == null ? policy.reference() : new ReferenceSource.Prepared(digest);
    String version =
        reference instanceof ReferenceSource.FirstRows first && first.version() != null
            ? first.version()
            : "data";
    ModelPolicy tested =
        new ModelPolicy(
            policy.model(),
            null,
            Mode.OBSERVE,
            telling,
            reference,
            policy.driftAlarmsPerDay(),
            policy.warmUp(),
            policy.breaker(),
            null,
            policy.digest());
    return new TestedPolicy(List.copyOf(rules), List.copyOf(untested), tested, version);
  }

  /** The policy to run. */
  ModelPolicy policy() {
    return policy;
  }

  /** The version that the rows are taken to be of. */
  String version() {
    return version;
  }

  /** Guardrails that rows cannot test. */
  public List<Guardrail> untested() {
    return untested;
  }

  /** The rule for a signal, the first that fits, or null. */
  public @Nullable Drift ruleOn(String signal) {
    return rules.stream().filter(rule -> rule.covers(signal)).findFirst().orElse(null);
  }

  /**
   * Makes sure that the rows have what the rules judge.
   *
   * @throws CsvException when there is no drift guardrail, or one finds no column
   */
  public static void check(ModelPolicy policy, SignalColumns columns) throws CsvException {
    List<Drift> rules =
        policy.guardrails().stream()
            .filter(Drift.class::isInstance)
            .map(Drift.class::cast)
            .toList();
    if (rules.isEmpty()) {
      throw new CsvException(
          "model "
              + policy.model()
              + ": no drift guardrail, so rows test nothing"
              + " (expected: one such as {signal: \"feature:*\", drift: native})");
    }
    Set<String> signals = new TreeSet<>();
    columns.signals().forEach(column -> signals.add(column.signal()));
    for (Drift rule : rules) {
      if (signals.stream().noneMatch(rule::covers)) {
        throw new CsvException(missing(rule, signals, columns));
      }
    }
  }

  private static String missing(Drift rule, Set<String> signals, SignalColumns columns) {
    String signal = rule.signal();
    String column = signal.substring(signal.indexOf(':') + 1);
    String hint = "nearest: " + Nearest.to(signal, signals);
    if (!signal.contains(":")) {
      hint = "expected: --columns " + signal + "=COLUMN";
    } else if (columns.signals().stream().anyMatch(one -> isCategory(one, column))) {
      hint = "column \"" + column + "\" is not all numbers; expected: category:" + column;
    }
    return "guardrail \"" + rule.name() + "\": no column is " + signal + " (" + hint + ")";
  }

  private static boolean isCategory(SignalColumn column, String name) {
    return column.signal().equals("category:" + name);
  }
}
