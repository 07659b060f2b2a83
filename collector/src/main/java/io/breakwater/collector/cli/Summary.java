package io.breakwater.collector.cli;

import io.breakwater.collector.config.CollectorConfig.ModelRule;
import io.breakwater.collector.config.ConfigException;
import io.breakwater.collector.config.Limits;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.ReferenceSource;
import io.breakwater.engine.policy.Then;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.stream.Collectors;

/** Guardrail files in words: what holds, or what is wrong. */
final class Summary {
  private Summary() {}

  /** Everything that is wrong, with a count at the end. */
  static String of(ConfigException e) {
    int count = e.problems().size();
    return e.getMessage() + "\n" + count + (count == 1 ? " error" : " errors");
  }

  /** One rule in one line. */
  static String of(ModelRule rule) {
    String guardrails =
        rule.template().guardrails().stream().map(Summary::of).collect(Collectors.joining(", "));
    String backend = rule.template().backend();
    return String.format(
        Locale.ROOT,
        "model %s: mode %s, stable %s, guardrails: %s; %sbackend %s",
        rule.pattern(),
        rule.template().mode().name().toLowerCase(Locale.ROOT),
        rule.template().stable() == null ? "as promoted or proven" : rule.template().stable(),
        guardrails,
        drift(rule.template()),
        backend == null ? "none" : backend);
  }

  /** The limits that differ from the defaults in one line; empty when none does. */
  static String of(Limits limits) {
    return limits.shownUnlike(Limits.DEFAULTS).entrySet().stream()
        .map(limit -> limit.getKey() + " " + limit.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String of(Guardrail guardrail) {
    return guardrail.name() + (guardrail.then() == Then.ALERT ? " (alert)" : "");
  }

  /** What drift guardrails compare with, and how often they may be wrong. */
  private static String drift(ModelPolicy policy) {
    if (policy.guardrails().stream().noneMatch(rule -> rule instanceof Guardrail.Drift)) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "compared with %s, a false alarm in %s days; ",
        of(policy.reference()),
        new DecimalFormat("#.##", DecimalFormatSymbols.getInstance(Locale.ROOT))
            .format(1 / policy.driftAlarmsPerDay()));
  }

  private static String of(ReferenceSource reference) {
    if (reference instanceof ReferenceSource.FirstRows first) {
      String whose = first.version() == null ? "its own" : "version " + first.version() + "'s";
      return String.format(Locale.ROOT, "%s first %,d rows", whose, first.rows());
    }
    return "a reference file";
  }
}
