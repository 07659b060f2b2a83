package io.breakwater.collector.config;

import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Guardrail.SlowThreshold;
import io.breakwater.engine.policy.Then;
import java.time.Duration;
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

  /** By how much a share may differ from the reference's without being drift. */
  static final double DEFAULT_TOLERANCE = 0.03;

  private static final Set<String> SIGNALS = Set.of("errors", "duration", "score", "class");
  private static final Pattern DRIFTING =
      Pattern.compile("score|class|(score|feature|category):.+");
  private static final Pattern OUTCOME = Pattern.compile("(score|class).*");
  private static final Set<String> LATER_SIGNALS =
      Set.of("rows", "outcome", "tokens", "time-to-first-token", "energy-per-prediction");
  private static final Pattern LATER_FAMILIES = Pattern.compile("gpu\\..+|missing:.+");
  private static final String SIGNALS_NOW =
      "errors, duration, score, class, feature:NAME, category:NAME";

  private static final String MISSING_NOW =
      "feature:NAME or category:NAME with drift: native, which judge missing values too";

  private static final Set<String> OF_ALL = Set.of("signal", "name", "then", "breaches");
  private static final Set<String> OF_ERRORS = Set.of("against", "max", "alpha", "severe");
  private static final Set<String> OF_DURATION =
      Set.of("against", "slower-than", "quantile", "max", "alpha", "severe");
  private static final Set<String> OF_DRIFT = Set.of("drift", "tolerance");

  private final Section section;

  GuardrailSection(Section section) {
    this.section = section;
  }

  /** The guardrail, or null when it cannot be used, which is noted. */
  @Nullable Guardrail read() {
    section.require("signal", "what is judged: " + SIGNALS_NOW);
    String signal = section.read("signal", Values::text);
    boolean known =
        signal != null && (SIGNALS.contains(signal) || DRIFTING.matcher(signal).matches());
    boolean keysFine = section.check(Keys.GUARDRAIL, known);
    if (signal == null) {
      return null;
    }
    if (!known) {
      refuse(signal);
      return null;
    }
    return switch (signal) {
      case Guardrail.ERRORS -> fit(signal, OF_ERRORS) ? errors(keysFine) : null;
      case Guardrail.DURATION -> fit(signal, OF_DURATION) ? duration(keysFine) : null;
      default -> fit(signal, OF_DRIFT) ? drift(signal, keysFine) : null;
    };
  }

  private void refuse(String signal) {
    if (LATER_SIGNALS.contains(signal) || LATER_FAMILIES.matcher(signal).matches()) {
      boolean missing = signal.startsWith("missing:");
      section.wrong("signal", Section.notYet(signal, missing ? MISSING_NOW : SIGNALS_NOW));
      return;
    }
    Set<String> signals = new TreeSet<>(LATER_SIGNALS);
    signals.addAll(SIGNALS);
    section.wrong(
        "signal",
        signal + ": unknown signal (nearest known signal: " + Nearest.to(signal, signals) + ")");
  }

  /** Whether all keys have a meaning for the signal. */
  private boolean fit(String signal, Set<String> keys) {
    boolean fit = true;
    for (String key : section.names()) {
      if (Keys.GUARDRAIL.known().contains(key) && !OF_ALL.contains(key) && !keys.contains(key)) {
        fit = false;
        section.wrong(
            key,
            "not with signal: "
                + signal
                + " (expected: of "
                + String.join(", ", new TreeSet<>(keys))
                + ("alpha".equals(key) ? "; false-alarms: of the model is its budget)" : ")"));
      }
    }
    return fit;
  }

  private @Nullable Guardrail errors(boolean keysFine) {
    Common common = common(Then.TRIP);
    String name = name(section.has("max") ? "errors max " + text("max") : "errors against stable");
    if (section.has("against") && section.has("max")) {
      section.wrong(
          "signal",
          "errors with both against and max (expected: one of them; write two guardrails)");
      return null;
    }
    if (section.has("against")) {
      section.read("against", GuardrailSection::stable);
      return new Guardrail.ErrorsAgainstStable(
          name, common.alpha, common.then, common.breaches, common.severe);
    }
    if (!section.has("max") && keysFine) {
      section.wrong(
          "signal", "errors without a measure (expected: \"against: stable\" or \"max: SHARE\")");
    }
    Double max = section.read("max", Values::share);
    return max == null
        ? null
        : new Guardrail.ErrorsLimit(
            name, max, common.alpha, common.then, common.breaches, common.severe);
  }

  private @Nullable Guardrail duration(boolean keysFine) {
    boolean compared = section.has("slower-than") || section.has("against");
    boolean limited = section.has("quantile") || section.has("max");
    if (compared && limited) {
      section.wrong(
          "signal",
          "duration compared with stable and limited (expected: one of them; write two"
              + " guardrails)");
      return null;
    }
    if (!compared && !limited) {
      if (keysFine) {
        section.wrong(
            "signal",
            "duration without a measure (expected: \"slower-than: 50ms, against: stable\" or"
                + " \"quantile: 0.99, max: 50ms\")");
      }
      return null;
    }
    return compared ? slowerThanStable() : durationLimit();
  }

  private @Nullable Guardrail slowerThanStable() {
    section.require("slower-than", "what slow is: 50ms, or p99 of the stable version");
    section.require("against", "stable");
    Common common = common(Then.TRIP);
    section.read("against", GuardrailSection::stable);
    SlowThreshold slow = section.read("slower-than", Values::slow);
    return slow == null
        ? null
        : new Guardrail.SlowerThanStable(
            name("duration slower than " + text("slower-than")),
            slow,
            common.alpha,
            common.then,
            common.breaches,
            common.severe);
  }

  private @Nullable Guardrail durationLimit() {
    section.require("quantile", "which quantile of the duration, such as 0.99");
    section.require("max", "its longest acceptable value, such as 50ms");
    Common common = common(Then.TRIP);
    Double quantile = section.read("quantile", Values::quantile);
    Duration max = section.read("max", Values::duration);
    return quantile == null || max == null
        ? null
        : new Guardrail.DurationLimit(
            name("duration quantile " + text("quantile") + " max " + text("max")),
            quantile,
            max,
            common.alpha,
            common.then,
            common.breaches,
            common.severe);
  }

  private @Nullable Guardrail drift(String signal, boolean keysFine) {
    if (!section.has("drift")) {
      if (keysFine) {
        section.wrong("signal", signal + " without a measure (expected: \"drift: native\")");
      }
      return null;
    }
    Common common = common(OUTCOME.matcher(signal).matches() ? Then.TRIP : Then.ALERT);
    section.read("drift", GuardrailSection::nativeDrift);
    double tolerance = section.read("tolerance", DEFAULT_TOLERANCE, Values::shareOrZero);
    return new Guardrail.Drift(
        name(signal + " native"), signal, tolerance, common.then, common.breaches);
  }

  private static String stable(String text) {
    if (!"stable".equals(text)) {
      throw new IllegalArgumentException("stable");
    }
    return text;
  }

  private static String nativeDrift(String text) {
    if (!"native".equals(text)) {
      throw new IllegalArgumentException(
          "native: the test with a budget of false alarms; distances are shown beside it");
    }
    return text;
  }

  private String name(String made) {
    return section.read("name", made, Values::text);
  }

  /** A value as written, for names. */
  private String text(String key) {
    Node value = section.value(key);
    return value instanceof ScalarNode scalar ? scalar.getValue().toLowerCase(Locale.ROOT) : "";
  }

  private Common common(Then then) {
    return new Common(
        section.read("then", then, text -> Values.choice(Then.class, text)),
        section.read("breaches", Breaches.AT_ONCE, Values::breaches),
        section.read("severe", Values::shareOrAll),
        section.read("alpha", DEFAULT_ALPHA, Values::probability));
  }

  /** What most guardrails have. */
  private record Common(Then then, Breaches breaches, @Nullable Double severe, double alpha) {}
}
