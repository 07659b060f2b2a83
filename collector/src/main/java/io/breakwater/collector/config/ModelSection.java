package io.breakwater.collector.config;

import io.breakwater.collector.config.CollectorConfig.AlertTarget;
import io.breakwater.collector.config.CollectorConfig.ModelRule;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.BreakerSettings.OnApprovalTimeout;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.WarmUp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code models:}. */
final class ModelSection {
  private final Section section;
  private final BackendSection backends;
  private final ReferenceSection references;
  private final Problems problems;

  ModelSection(
      Section section, BackendSection backends, ReferenceSection references, Problems problems) {
    this.section = section;
    this.backends = backends;
    this.references = references;
    this.problems = problems;
  }

  /** The rule; only to be used when nothing was noted. */
  ModelRule read(String digest, List<AlertTarget> targets) {
    section.check(Keys.MODEL, true);
    section.require("name", "the model's name, or a glob such as credit-*");
    String name = section.read("name", "", Values::text);
    String stable = section.read("stable", Values::text);
    Mode mode = section.read("mode", Mode.OBSERVE, text -> Values.choice(Mode.class, text));
    List<Guardrail> guardrails = guardrails();
    BreakerSettings breaker = breaker();
    Map<String, Object> backend = backend(name, mode);
    List<String> alerts = alerts(targets);
    ReferenceSection.Read reference = references.read(section.section("reference"), stable);
    ModelPolicy policy =
        new ModelPolicy(
            name,
            stable,
            mode,
            guardrails,
            reference.source(),
            section.read(
                "false-alarms", ModelPolicy.DEFAULT_DRIFT_ALARMS_PER_DAY, Values::alarmsPerDay),
            warmUp(),
            breaker,
            backend == null ? null : String.valueOf(backend.get("type")),
            digest);
    return new ModelRule(name, policy, reference.set(), backend, alerts);
  }

  private List<Guardrail> guardrails() {
    section.require("guardrails", "a list such as [{signal: errors, against: stable}]");
    List<Section> sections = section.sections("guardrails");
    if (sections.isEmpty() && section.has("guardrails")) {
      section.wrong("guardrails", "no guardrail (expected: at least one)");
    }
    List<Guardrail> guardrails = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section one : sections) {
      Guardrail guardrail = new GuardrailSection(one).read();
      if (guardrail != null) {
        guardrails.add(guardrail);
        if (!names.add(guardrail.name())) {
          one.wrong(
              "name", "\"" + guardrail.name() + "\" twice (expected: a name: of its own for each)");
        }
      }
    }
    return guardrails;
  }

  private WarmUp warmUp() {
    Section warmUp = section.section("warmup");
    if (warmUp == null) {
      return WarmUp.DEFAULT;
    }
    warmUp.check(Keys.WARMUP, true);
    return new WarmUp(
        warmUp.read("calls", (int) WarmUp.DEFAULT.calls(), Values::wholeOrZero),
        warmUp.read("time", WarmUp.DEFAULT.time(), Values::durationOrZero));
  }

  private BreakerSettings breaker() {
    Section breaker = section.section("breaker");
    BreakerSettings defaults = BreakerSettings.DEFAULTS;
    if (breaker == null) {
      return defaults;
    }
    breaker.check(Keys.BREAKER, true);
    breaker.read("no-data", ModelSection::hold);
    Section halfOpen = breaker.section("half-open");
    if (halfOpen != null) {
      halfOpen.check(Keys.HALF_OPEN, true);
    }
    return new BreakerSettings(
        breaker.read("cooldown", defaults.cooldown(), Values::duration),
        breaker.read("trips-before-latch", defaults.tripsBeforeLatch(), Values::positive),
        breaker.read("approval-timeout", defaults.approvalTimeout(), Values::duration),
        breaker.read(
            "on-approval-timeout",
            defaults.onApprovalTimeout(),
            text -> Values.choice(OnApprovalTimeout.class, text)),
        breaker.read("verify-within", defaults.verifyWithin(), Values::duration),
        breaker.read("drain", defaults.drain(), Values::durationOrZero),
        halfOpen == null
            ? defaults.probeShare()
            : halfOpen.read("share", defaults.probeShare(), Values::share),
        halfOpen == null
            ? defaults.probeDeadline()
            : halfOpen.read("deadline", defaults.probeDeadline(), Values::duration));
  }

  private static String hold(String text) {
    if (!"hold".equals(text)) {
      throw new IllegalArgumentException("hold: missing data neither trips nor heals");
    }
    return text;
  }

  private @Nullable Map<String, Object> backend(String model, Mode mode) {
    Section backend = section.section("backend");
    if (backend != null) {
      return backends.read(backend, model);
    }
    if (mode != Mode.OBSERVE) {
      section.wrong(
          "mode",
          mode.name().toLowerCase(Locale.ROOT)
              + " without a backend (expected: a backend: section that can move traffic,"
              + " or mode: observe)");
    }
    return null;
  }

  private List<String> alerts(List<AlertTarget> targets) {
    Set<String> known = new TreeSet<>();
    targets.forEach(target -> known.add(target.name()));
    List<String> names = new ArrayList<>();
    section
        .texts("alert")
        .forEach(
            (node, name) -> {
              names.add(name);
              if (!known.contains(name)) {
                problems.add(
                    node,
                    section.at("alert") + ": " + name + " is not in alerts: " + hint(name, known));
              }
            });
    return names;
  }

  private static String hint(String name, Set<String> known) {
    return known.isEmpty()
        ? "(expected: an alerts: section that has it)"
        : "(expected: one of "
            + String.join(", ", known)
            + "; nearest: "
            + Nearest.to(name, known)
            + ")";
  }
}
