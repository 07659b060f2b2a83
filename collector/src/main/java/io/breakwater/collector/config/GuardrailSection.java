package io.breakwater.collector.config;

import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Then;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads one entry of {@code guardrails:}. */
final class GuardrailSection {
  /** Probability of a false alarm per canary-day when the file names none. */
  static final double DEFAULT_ALPHA = 1e-4;

  private static final Set<String> LATER_SIGNALS =
      new TreeSet<>(
          Set.of(
              "duration",
              "rows",
              "score",
              "class",
              "outcome",
              "tokens",
              "time-to-first-token",
              "energy-per-prediction"));
  private static final Pattern LATER_FAMILIES =
      Pattern.compile("(score|feature|missing|category):.+|gpu\\..+");

  private final Section section;

  GuardrailSection(Section section) {
    this.section = section;
  }

  /** The guardrail, or null when it cannot be used, which is noted. */
  @Nullable Guardrail read() {
    section.require("signal", "errors");
    String signal = section.read("signal", Values::text);
    boolean errors = "errors".equals(signal);
    boolean keysFine = section.check(Keys.GUARDRAIL, errors);
    if (signal == null) {
      return null;
    }
    if (!errors) {
      refuse(signal);
      return null;
    }
    return errors(keysFine);
  }

  private void refuse(String signal) {
    if (LATER_SIGNALS.contains(signal) || LATER_FAMILIES.matcher(signal).matches()) {
      section.wrong("signal", Section.notYet(signal, "errors"));
      return;
    }
    Set<String> signals = new TreeSet<>(LATER_SIGNALS);
    signals.add("errors");
    section.wrong(
        "signal",
        signal + ": unknown signal (nearest known signal: " + Nearest.to(signal, signals) + ")");
  }

  private @Nullable Guardrail errors(boolean keysFine) {
    Then then = section.read("then", Then.TRIP, text -> Values.choice(Then.class, text));
    Breaches breaches = section.read("breaches", Breaches.AT_ONCE, Values::breaches);
    Double severe = section.read("severe", Values::shareOrAll);
    double alpha = section.read("alpha", DEFAULT_ALPHA, Values::probability);
    String name = section.read("name", defaultName(), Values::text);
    if (section.has("against") && section.has("max")) {
      section.wrong(
          "signal",
          "errors with both against and max (expected: one of them; write two guardrails)");
      return null;
    }
    if (section.has("against")) {
      section.read("against", GuardrailSection::stable);
      return new Guardrail.ErrorsAgainstStable(name, alpha, then, breaches, severe);
    }
    if (!section.has("max") && keysFine) {
      section.wrong(
          "signal", "errors without a measure (expected: \"against: stable\" or \"max: SHARE\")");
    }
    Double max = section.read("max", Values::share);
    return max == null ? null : new Guardrail.ErrorsLimit(name, max, alpha, then, breaches, severe);
  }

  private static String stable(String text) {
    if (!"stable".equals(text)) {
      throw new IllegalArgumentException("stable");
    }
    return text;
  }

  /** {@code errors against stable} or {@code errors max 5%}. */
  private String defaultName() {
    Node max = section.value("max");
    return max instanceof ScalarNode limit
        ? "errors max " + limit.getValue().toLowerCase(Locale.ROOT)
        : "errors against stable";
  }
}
