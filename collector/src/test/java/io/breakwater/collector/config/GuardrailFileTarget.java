package io.breakwater.collector.config;

import static io.breakwater.collector.fuzz.FuzzTarget.check;

import io.breakwater.collector.fuzz.FuzzTarget;
import io.breakwater.collector.reference.ReferenceFormatException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Guardrail files: {@link ConfigException} whose problems have a place in the file and one line, or
 * a configuration that is the same when read again.
 */
public final class GuardrailFileTarget implements FuzzTarget {
  private final GuardrailFile reader =
      GuardrailFile.reader(
          name -> name.equals("SECRET") ? "canary-in-the-environment" : null,
          List.of(new FakeBackendProvider()),
          file -> {
            throw new ReferenceFormatException(file + ": no such file (expected: one)");
          });

  @Override
  public String name() {
    return "yaml";
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
            """
            models:
              - name: credit
                stable: "1"
                mode: enforce
                reference: {version: "1", rows: 10000}
                false-alarms: 1 per 100d
                guardrails:
                  - {signal: errors, against: stable, alpha: 1e-4, severe: 50%}
                  - {signal: errors, max: 5%, then: alert, breaches: 3 of 5}
                  - {signal: duration, slower-than: p99, against: stable}
                  - {signal: duration, quantile: 0.99, max: 50ms}
                  - {signal: score, drift: native, tolerance: 0.03}
                  - {signal: "feature:*", drift: native, then: alert}
                warmup: {calls: 200, time: 30s}
                breaker: {cooldown: 30s, trips-before-latch: 2, half-open: {share: 1%, deadline: 2m}}
                backend: {type: fake, socket: "${env:SECRET}", servers: {"1": blue, "2": green}}
                alert: [ops]
            alerts:
              - {name: ops, webhook: "https://h/hooks", secret: "${env:SECRET}"}
              - {name: am, alertmanager: "http://am:9093"}
            auth: {tokens: [{name: a, role: emit, secret: "${env:SECRET}"}]}
            outgoing: {allow: [169.254.0.0/16, "fe80::1"]}
            """,
            "models: [{name: m, guardrails: [{signal: errors, max: 5%}]}]\n",
            "a: &a [x, x]\nmodels: [{name: m, backend: {type: fake, socket: *a}}]\n",
            "%YAML 1.2\n---\nmodels: !!seq []\n...\n",
            "? {a: b}\n: |\n  text\n  >-\n<<: *x\n")
        .stream()
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  @Override
  public List<String> words() {
    Set<String> words =
        new TreeSet<>(
            List.of(
                "${env:SECRET}",
                "${env:X:-y}",
                "${file:/no}",
                "$${",
                "&a ",
                "*a",
                "!!binary ",
                "<<: ",
                "? ",
                ": ",
                "- ",
                "{",
                "}",
                "[",
                "]",
                "\n",
                "\n  ",
                "|\n",
                ">-\n",
                "---\n",
                "...\n",
                "#",
                "'",
                "\"",
                "\\x00",
                "\\u2028",
                "\t",
                "\u001b[2J",
                "~",
                "null",
                "1 per 1d"));
    Keys.SECTIONS.forEach(keys -> words.addAll(keys.all()));
    return List.copyOf(words);
  }

  @Override
  public String run(byte[] input) {
    if (new String(input, StandardCharsets.ISO_8859_1).contains("host")) {
      return "host"; // would be looked up
    }
    try {
      CollectorConfig config = reader.parse("fuzz.yaml", input);
      check(config.models().size() > 0, "no model and no problem");
      config.models().forEach(rule -> rule.policyFor("m"));
      ConfigDiff diff = ConfigDiff.between(config, reader.parse("fuzz.yaml", input));
      check(diff.changes().isEmpty() && diff.restart().isEmpty(), "changed: " + diff.summary());
      return "ok " + Math.min(5, config.models().size()) + " " + config.alerts().size();
    } catch (ConfigException e) {
      return refused(input, e);
    }
  }

  private static String refused(byte[] input, ConfigException e) {
    check(!e.problems().isEmpty(), "refused without a problem");
    long lines = new String(input, StandardCharsets.UTF_8).lines().count() + 2;
    for (Problem problem : e.problems()) {
      check(problem.line() >= 0 && problem.line() <= lines, "a line that is none: " + problem);
      check(
          problem.message().chars().noneMatch(Character::isISOControl),
          "a message of several lines, or with control characters: " + problem);
      check(problem.message().length() <= 2_000, "a message without end: " + problem);
      check(!problem.message().contains("canary-in"), "a secret is shown: " + problem);
    }
    return FuzzTarget.way(e.problems().get(0).message());
  }
}
