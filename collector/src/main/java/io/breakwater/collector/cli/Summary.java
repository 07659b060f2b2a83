package io.breakwater.collector.cli;

import io.breakwater.collector.config.CollectorConfig.ModelRule;
import io.breakwater.collector.config.ConfigException;
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
        rule.template().guardrails().stream()
            .map(guardrail -> guardrail.name())
            .collect(Collectors.joining(", "));
    String backend = rule.template().backend();
    return String.format(
        Locale.ROOT,
        "model %s: mode %s, stable %s, guardrails: %s; backend %s",
        rule.pattern(),
        rule.template().mode().name().toLowerCase(Locale.ROOT),
        rule.template().stable() == null ? "as promoted or proven" : rule.template().stable(),
        guardrails,
        backend == null ? "none" : backend);
  }
}
