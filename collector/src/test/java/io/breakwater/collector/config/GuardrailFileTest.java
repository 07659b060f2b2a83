package io.breakwater.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.breakwater.collector.config.CollectorConfig.AlertTarget;
import io.breakwater.collector.config.CollectorConfig.Listen;
import io.breakwater.collector.config.CollectorConfig.ModelRule;
import io.breakwater.collector.config.CollectorConfig.Role;
import io.breakwater.collector.config.CollectorConfig.Token;
import io.breakwater.collector.reference.ReferenceFormatException;
import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.BreakerSettings.OnApprovalTimeout;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Guardrail.SlowThreshold;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.ReferenceSource;
import io.breakwater.engine.policy.Then;
import io.breakwater.engine.policy.WarmUp;
import io.breakwater.engine.reference.ReferenceSet;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardrailFileTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("HOOK_SECRET", "s3cret", "EMPTY", "", "ALPHA", "lots", "MODE", "enforce");
  private static final GuardrailFile READER =
      GuardrailFile.reader(
          ENVIRONMENT::get, List.of(new FakeBackendProvider()), GuardrailFileTest::reference);

  @TempDir Path folder;

  @Test
  void everySetting_isRead() throws ConfigException {
    CollectorConfig config =
        parse(
            """
            listen: {host: 0.0.0.0, otlp-http-port: 0, http-port: 9000}
            auth:
              tokens:
                - {name: agents, role: emit, secret: "${env:HOOK_SECRET}"}
                - {name: people, role: operate, secret: plain}
            models:
              - name: credit
                stable: 1.10
                mode: enforce
                guardrails:
                  - {signal: errors, against: stable, alpha: 1e-3, severe: 50%}
                  - {signal: errors, max: 5%, then: alert, breaches: 3 of 5}
                  - {signal: errors, max: 0.2, name: many errors}
                breaker:
                  cooldown: 10s
                  trips-before-latch: 3
                  no-data: hold
                  approval-timeout: 5m
                  on-approval-timeout: act
                  verify-within: 500ms
                  drain: 0s
                  half-open: {share: 2%, deadline: 1h}
                backend: {type: fake, socket: "/run/x", servers: {"1.10": blue, 2: green}}
                alert: [ops, am]
              - name: fraud-*
                guardrails: [{signal: errors, against: stable}]
            alerts:
              - {name: ops, webhook: "https://example.org/hooks", secret: "${env:HOOK_SECRET}"}
              - {name: am, alertmanager: "http://am:9093"}
            """);

    assertThat(config.listen()).isEqualTo(new Listen("0.0.0.0", 4317, 0, 9000));
    assertThat(config.tokens())
        .containsExactly(
            new Token("agents", Role.EMIT, "s3cret"), new Token("people", Role.OPERATE, "plain"));
    assertThat(config.alerts())
        .containsExactly(
            new AlertTarget.Webhook("ops", URI.create("https://example.org/hooks"), "s3cret"),
            new AlertTarget.Alertmanager("am", URI.create("http://am:9093")));
    ModelRule credit = config.models().get(0);
    assertThat(credit.template().stable()).isEqualTo("1.10");
    assertThat(credit.template().mode()).isEqualTo(Mode.ENFORCE);
    assertThat(credit.template().guardrails())
        .containsExactly(
            new Guardrail.ErrorsAgainstStable(
                "errors against stable", 1e-3, Then.TRIP, Breaches.AT_ONCE, 0.5),
            new Guardrail.ErrorsLimit(
                "errors max 5%", 0.05, 1e-4, Then.ALERT, new Breaches(3, 5), null),
            new Guardrail.ErrorsLimit("many errors", 0.2, 1e-4, Then.TRIP, Breaches.AT_ONCE, null));
    assertThat(credit.template().breaker())
        .isEqualTo(
            new BreakerSettings(
                Duration.ofSeconds(10),
                3,
                Duration.ofMinutes(5),
                OnApprovalTimeout.ACT,
                Duration.ofMillis(500),
                Duration.ZERO,
                0.02,
                Duration.ofHours(1)));
    assertThat(credit.template().backend()).isEqualTo("fake");
    assertThat(credit.backend())
        .isEqualTo(
            Map.of(
                "type",
                "fake",
                "socket",
                "/run/x",
                "servers",
                Map.of("1.10", "blue", "2", "green")));
    assertThat(credit.alerts()).containsExactly("ops", "am");
  }

  @Test
  void everySettingOfLatencyAndDrift_isRead() throws ConfigException {
    CollectorConfig config =
        parse(
            """
            models:
              - name: credit
                stable: 1
                reference: {version: 0.9, rows: 5000}
                false-alarms: 2 per 50d
                guardrails:
                  - {signal: duration, slower-than: p99, against: stable}
                  - {signal: duration, slower-than: 50ms, against: stable, alpha: 1e-3, severe: 90%}
                  - {signal: duration, quantile: 0.999, max: 2s, then: alert}
                  - {signal: score, drift: native}
                  - {signal: "score:y", drift: native, tolerance: 5%, breaches: 2 of 3}
                  - {signal: class, drift: native, tolerance: 0}
                  - {signal: "feature:*", drift: native}
                  - {signal: "category:city", drift: native, then: trip, name: city}
                warmup: {calls: 0, time: 1m}
              - name: fraud
                stable: 7
                reference: {rows: 100}
                guardrails: [{signal: errors, max: 5%}]
              - name: scoring
                reference: {file: references/scoring.json}
                guardrails: [{signal: errors, max: 5%}]
            """);

    ModelPolicy credit = config.models().get(0).template();
    assertThat(credit.reference()).isEqualTo(new ReferenceSource.FirstRows("0.9", 5000));
    assertThat(credit.driftAlarmsPerDay()).isEqualTo(0.04);
    assertThat(credit.warmUp()).isEqualTo(new WarmUp(0, Duration.ofMinutes(1)));
    assertThat(credit.guardrails())
        .containsExactly(
            new Guardrail.SlowerThanStable(
                "duration slower than p99",
                new SlowThreshold.OfStable(0.99),
                1e-4,
                Then.TRIP,
                Breaches.AT_ONCE,
                null),
            new Guardrail.SlowerThanStable(
                "duration slower than 50ms",
                new SlowThreshold.Fixed(Duration.ofMillis(50)),
                1e-3,
                Then.TRIP,
                Breaches.AT_ONCE,
                0.9),
            new Guardrail.DurationLimit(
                "duration quantile 0.999 max 2s",
                0.999,
                Duration.ofSeconds(2),
                1e-4,
                Then.ALERT,
                Breaches.AT_ONCE,
                null),
            new Guardrail.Drift("score native", "score", 0.03, Then.TRIP, Breaches.AT_ONCE),
            new Guardrail.Drift("score:y native", "score:y", 0.05, Then.TRIP, new Breaches(2, 3)),
            new Guardrail.Drift("class native", "class", 0, Then.TRIP, Breaches.AT_ONCE),
            new Guardrail.Drift(
                "feature:* native", "feature:*", 0.03, Then.ALERT, Breaches.AT_ONCE),
            new Guardrail.Drift("city", "category:city", 0.03, Then.TRIP, Breaches.AT_ONCE));
    assertThat(config.models().get(1).template().reference())
        .isEqualTo(new ReferenceSource.FirstRows("7", 100));
    ModelRule scoring = config.models().get(2);
    assertThat(scoring.template().reference()).isEqualTo(new ReferenceSource.Prepared("d1ce57"));
    assertThat(scoring.reference()).isNotNull();
    assertThat(scoring.reference().source()).isEqualTo("scoring.json");
  }

  private static ReferenceSet reference(Path file) throws ReferenceFormatException {
    if (!file.toString().equals("references/scoring.json")) {
      throw new ReferenceFormatException(file + ": no such file (expected: one that exists)");
    }
    return new ReferenceSet(String.valueOf(file.getFileName()), "d1ce57", Map.of());
  }

  @Test
  void reference_isTheStableVersionsFirst10000RowsWhenNothingElseIsSaid() throws ConfigException {
    CollectorConfig config =
        parse(
            """
            models:
              - {name: a, stable: 3, guardrails: [{signal: score, drift: native}]}
              - {name: b, guardrails: [{signal: score, drift: native}]}
            """);

    assertThat(config.models().get(0).template().reference())
        .isEqualTo(new ReferenceSource.FirstRows("3", 10_000));
    assertThat(config.models().get(1).template().reference())
        .isEqualTo(new ReferenceSource.FirstRows(null, 10_000));
    assertThat(config.models().get(0).template().driftAlarmsPerDay()).isEqualTo(0.01);
    assertThat(config.models().get(0).template().warmUp()).isEqualTo(WarmUp.DEFAULT);
  }

  @Test
  void defaults_observeAndListenOnLoopback() throws ConfigException {
    CollectorConfig config =
        parse("models: [{name: credit, guardrails: [{signal: errors, against: stable}]}]");

    assertThat(config.listen()).isEqualTo(Listen.DEFAULTS);
    assertThat(config.tokens()).isEmpty();
    ModelRule credit = config.models().get(0);
    assertThat(credit.template().mode()).isEqualTo(Mode.OBSERVE);
    assertThat(credit.template().stable()).isNull();
    assertThat(credit.template().breaker()).isEqualTo(BreakerSettings.DEFAULTS);
    assertThat(credit.backend()).isNull();
  }

  @Test
  void limits_areThoseOfTheFileAndElseTheDefaults() throws ConfigException {
    String models = "models: [{name: credit, guardrails: [{signal: errors, against: stable}]}]\n";

    assertThat(parse(models).limits()).isEqualTo(Limits.DEFAULTS);
    assertThat(parse(models + "limits: {request-size: 128MiB, names: 50}").limits())
        .as("what waits has room for a request")
        .isEqualTo(
            new Limits(
                10_000, 64, 2_000, 50, 128L << 20, 100_000, 128L << 20, 20_000, 100_000, 10_000));
    StringBuilder all = new StringBuilder(models + "limits:\n");
    Limits odd = new Limits(1, 2, 3, 4, 5L << 20, 6, 7L << 30, 8, 9, 10);
    odd.shown().forEach((key, value) -> all.append("  " + key + ": " + value + "\n"));
    assertThat(parse(all.toString()).limits()).isEqualTo(odd);
  }

  @Test
  void digest_isThatOfTheFilesBytes() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("b.yaml"),
            "models: [{name: a, guardrails: [{signal: errors, max: 5%}]}]\n");
    // sha256sum of that line
    String sha256 = "d3db3f33e931b174ce9fcb28371f875ecfdb3293b368487c6311873c9c2890e4";

    CollectorConfig config = READER.read(file);

    assertThat(config.digest()).isEqualTo(sha256);
    assertThat(config.models().get(0).template().digest()).isEqualTo(sha256);
  }

  @Test
  void everyMistake_isReportedAtOnceInFileOrder() {
    assertThat(
            errors(
                """
                modles: []
                models:
                  - name: credit
                    mode: enforc
                    guardrails:
                      - {signal: errors, againts: stable}
                      - {signal: errors, max: 5}
                    breaker: {cooldown: 30}
                    alert: [opps]
                alerts:
                  - {name: ops, webhook: "example.org"}
                """))
        .containsExactly(
            "b.yaml:1:1: modles: unknown key (nearest known key: models)",
            "b.yaml:4:11: models[0].mode: enforc (expected: one of observe, approve, enforce;"
                + " nearest: enforce)",
            "b.yaml:6:26: models[0].guardrails[0].againts: unknown key"
                + " (nearest known key: against)",
            "b.yaml:7:31: models[0].guardrails[1].max: 5"
                + " (expected: a share above 0 and below 1, such as 0.05 or 5%)",
            "b.yaml:8:25: models[0].breaker.cooldown: 30"
                + " (expected: a duration such as 100ms, 30s, 15m, 24h or 100d)",
            "b.yaml:9:13: models[0].alert: opps is not in alerts:"
                + " (expected: one of ops; nearest: ops)",
            "b.yaml:11:26: alerts[0].webhook: example.org (expected: an http or https address)");
  }

  /** One wrong thing each; {@code |} is a line break, and the good rest of the file is added. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "auth: 5                        ~ 1:7  ~ auth: a single value (expected: a mapping",
        "auth: {tokens: x}              ~ 1:16 ~ auth.tokens: a single value (expected: a list)",
        "auth: {tokens: [x]}            ~ 1:17 ~ auth.tokens[0]: a single value",
        "auth: {tokens: [{name: a, role: emit}]}  ~ 1:17 ~ auth.tokens[0].secret: missing",
        "auth: {tokens: [{name: a, role: rad, secret: b}]}  ~ 1:33 ~ nearest: read",
        "listen: {host: 0.0.0.0}        ~ 1:16 ~ 0.0.0.0: reachable from other machines without",
        "listen: {http-port: 70000}     ~ 1:21 ~ 70000 (expected: a port from 0",
        "tls: {certificate: a.pem}      ~ 1:6  ~ tls.key: missing (expected: a PEM file, PKCS #8)",
        "tls: {certificate: a, key: b}  ~ 1:6  ~ tls: a: no such file (expected: a PEM file)",
        "outgoing: {allow: [x.example]} ~ 1:20 ~ x.example (expected: an IP address or network",
        "outgoing: {allow: 10.0.0.1}    ~ 1:19 ~ outgoing.allow: a single value (expected: a list)",
        "auth: {tokens: [{name: a, role: emit, secret: 'a b'}]} ~ 1:47 ~ secret: not usable (expected: a token",
        "auth: {tokens: [{name: a, role: emit, secret: bb}, {name: a, role: read, secret: cc}]} ~ 1:59 ~ a twice",
        "auth: {tokens: [{name: a, role: emit, secret: bb}, {name: b, role: read, secret: bb}]} ~ 1:82 ~ that of a",
        "alerts: [{name: a, webhook: 'http://u:p@h/'}] ~ 1:29 ~ without a user name or password",
        "alerts: [{name: a}]            ~ 1:10 ~ expected one of webhook: and alertmanager:",
        "alerts:|  - {name: a, webhook: 'http://h', alertmanager: 'http://h'}  ~ 2:5 ~ expected one",
        "alerts:|  - {name: a, alertmanager: 'http://h', secret: x}  ~ 2:49 ~ only a webhook",
        "alerts:|  - {name: a, webhook: 'http://h'}|  - {name: a, webhook: 'http://h'}~3:12~twice",
        "alerts: []|alerts: []          ~ 2:1  ~ alerts: twice (expected: once; first in line 1)",
        "? [a]|: b                      ~ 1:3  ~ a key that is not a text",
        "<<: {a: b}                     ~ 1:1  ~ <<: unknown key",
        "limits: {model: 5}             ~ 1:10 ~ limits.model: unknown key (nearest known key: models)",
        "limits: {models: 0}            ~ 1:18 ~ 0 (expected: a whole number from 1 to 100000)",
        "limits: {versions: 1001}       ~ 1:20 ~ 1001 (expected: a whole number from 1 to 1000)",
        "limits: {connections: many}    ~ 1:23 ~ many (expected: a whole number from 1 to 1000000)",
        "limits: {request-size: 257MiB} ~ 1:24 ~ 257MiB (expected: a size from 1MiB to 256MiB",
        "limits: {request-size: 20000000} ~ 1:24 ~ 20000000 (expected: a size from 1MiB",
        "limits: {waiting-size: 10MiB}  ~ 1:24 ~ 10MiB, less than a request of 20MiB",
      })
  void mistakeAtTopLevel_isPlaced(String yaml, String place, String message) {
    String text =
        yaml.replace("|", "\n")
            + "\nmodels: [{name: m, guardrails: [{signal: errors, against: stable}]}]\n";
    assertThat(errors(text))
        .singleElement()
        .asString()
        .startsWith("b.yaml:" + place + ": ")
        .contains(message);
  }

  /** One wrong thing in line 2 each, as one more key of a good model. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "stable: [1]                           ~ 13 ~ models[0].stable: a list (expected: a single",
        "stable:                               ~ 12 ~ models[0].stable: empty",
        "stable: ''                            ~ 13 ~ models[0].stable: empty (expected: a text)",
        "reference: {window: 24h}              ~ 17 ~ models[0].reference.window: not supported by this version (supported: version and rows, or file)",
        "reference: {season: hour-of-week}     ~ 17 ~ season: not supported by this version",
        "reference: {rows: 99}                 ~ 23 ~ 99 (expected: a whole number from 100 to 10000000)",
        "reference: {file: a.json, rows: 100}  ~ 23 ~ file with version or rows (expected: file alone, or none)",
        "reference: {file: a.json}             ~ 23 ~ models[0].reference.file: a.json: no such file (expected: one that exists)",
        "reference: {fil: a.json}              ~ 17 ~ models[0].reference.fil: unknown key (nearest known key: file)",
        "reference: a.json                     ~ 16 ~ models[0].reference: a single value (expected: a mapping",
        "warmup: {calls: -1}                   ~ 21 ~ -1 (expected: a whole number from 0",
        "warmup: {time: 30}                    ~ 20 ~ 30 (expected: a duration such as 100ms",
        "warmup: {call: 5}                     ~ 14 ~ nearest known key: calls",
        "false-alarms: 1                       ~ 19 ~ 1 (expected: N per DURATION, such as 1 per 100d)",
        "false-alarms: 0 per 1d                ~ 19 ~ 0 per 1d (expected: N per DURATION",
        "false-alarms: 1 per 0d                ~ 19 ~ 1 per 0d (expected: N per DURATION",
        "mode: approve                         ~ 11 ~ approve without a backend",
        "mode: ${env:MODE}                     ~ 11 ~ ${env:MODE} without a backend",
        "mode: ${env:NOPE}                     ~ 11 ~ environment variable NOPE is not set",
        "mode: ${env:EMPTY}                    ~ 11 ~ environment variable EMPTY is empty",
        "mode: ${env:MODE                      ~ 11 ~ without \"}\"",
        "mode: ${MODE}                         ~ 11 ~ expected: ${env:NAME}",
        "mode: ${file:/no/such/file}           ~ 11 ~ file /no/such/file does not exist",
        "alert: ops                            ~ 12 ~ models[0].alert: a single value (expected: a",
        "alert: [ops]                          ~ 13 ~ expected: an alerts: section that has it",
        "alert: [[ops]]                        ~ 13 ~ models[0].alert[0]: a list (expected: a text)",
        "breaker: {cooldown: 0s}               ~ 25 ~ expected: a duration above 0",
        "breaker: {cooldown: 1w}               ~ 25 ~ 1w (expected: a duration such as 100ms",
        "breaker: {trips-before-latch: 0}      ~ 35 ~ expected: a whole number from 1",
        "breaker: {no-data: close}             ~ 24 ~ expected: hold: missing data neither trips",
        "breaker: {on-approval-timeout: wait}  ~ 36 ~ one of escalate, act",
        "breaker: {half-open: {share: 100%}}   ~ 34 ~ expected: a share above 0 and below 1",
        "breaker: {half-open: {shar: 1%}}      ~ 27 ~ nearest known key: share",
        "breaker: {cool-down: 30s}             ~ 15 ~ nearest known key: cooldown",
        "backend: {type: fak}                  ~ 21 ~ fak (expected: one of fake; nearest: fake)",
        "backend: {socket: x}                  ~ 14 ~ models[0].backend.type: missing",
        "backend: {type: fake}                 ~ 14 ~ models[0].backend.socket: missing",
        "backend: {type: fake, socket: [x]}    ~ 35 ~ models[0].backend.socket: a list",
        "backend: {type: fake, socket: x, servers: {'1.0': [x]}} ~ 55 ~ backend.servers.1.0: not a",
        "backend: {type: fake, servers: {a: b}, socket: x, soket: y}  ~ 62 ~ models[0].backend.soket: unknown setting",
        "backend: &b {type: fake, socket: *b}  ~ 14 ~ nested too deeply",
        "backend: {type: fake, servers: {a: b}, socket: x, socket: x} ~ 55 ~ models[0].backend.socket: twice",
        "backend: {type: fake, socket: '${env:NOPE}'} ~ 35 ~ NOPE is not set",
      })
  void mistakeInModel_isPlaced(String key, int column, String message) {
    String text =
        "models:\n  - "
            + key
            + "\n    name: m\n    guardrails: [{signal: errors, against: stable}]\n";
    assertThat(errors(text))
        .singleElement()
        .asString()
        .startsWith("b.yaml:2:" + column + ": ")
        .contains(message);
  }

  /** One guardrail each, in line 1 from column 34 on. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "{against: stable}                             ~ 1  ~ guardrails[0].signal: missing",
        "{signal: errors}                              ~ 10 ~ errors without a measure (expected",
        "{signal: errrors, against: stable}            ~ 10 ~ nearest known signal: errors",
        "{signal: duration}                            ~ 10 ~ duration without a measure (expected: \"slower-than: 50ms, against: stable\" or \"quantile: 0.99, max: 50ms\")",
        "{signal: duration, quantile: 0.99}            ~ 1  ~ guardrails[0].max: missing (expected: its longest acceptable value, such as 50ms)",
        "{signal: duration, max: 50ms}                 ~ 1  ~ guardrails[0].quantile: missing (expected: which quantile",
        "{signal: duration, quantile: 1, max: 50ms}    ~ 30 ~ 1 (expected: a quantile above 0 and below 1, such as 0.99)",
        "{signal: duration, quantile: 0.9, max: 5%}    ~ 40 ~ 5% (expected: a duration such as 100ms",
        "{signal: duration, slower-than: p99}          ~ 1  ~ guardrails[0].against: missing (expected: stable)",
        "{signal: duration, against: stable}           ~ 1  ~ guardrails[0].slower-than: missing (expected: what slow is: 50ms, or p99 of the stable version)",
        "{signal: duration, slower-than: p100, against: stable} ~ 33 ~ p100 (expected: a duration above 0 such as 50ms, or a quantile of the stable version such as p99)",
        "{signal: duration, slower-than: 0s, against: stable} ~ 33 ~ 0s (expected: a duration above 0 such as 50ms",
        "{signal: duration, slower-than: p9, against: stable, max: 1s} ~ 10 ~ duration compared with stable and limited (expected: one of them; write two guardrails)",
        "{signal: duration, drift: native}             ~ 27 ~ drift: not with signal: duration (expected: of against, alpha, max, quantile, severe, slower-than)",
        "{signal: errors, slower-than: p99}            ~ 31 ~ slower-than: not with signal: errors (expected: of against, alpha, max, severe)",
        "{signal: errors, max: 5%, tolerance: 0.1}     ~ 38 ~ tolerance: not with signal: errors",
        "{signal: score}                               ~ 10 ~ score without a measure (expected: \"drift: native\")",
        "{signal: score, tolerance: 0.1}               ~ 10 ~ score without a measure",
        "{signal: score, drift: psi}                   ~ 24 ~ psi (expected: native: the test with a budget of false alarms",
        "{signal: score, drift: native, tolerance: 1}  ~ 43 ~ 1 (expected: a share from 0 to below 1, such as 0.03 or 3%)",
        "{signal: score, drift: native, alpha: 1e-4}   ~ 39 ~ alpha: not with signal: score (expected: of drift, tolerance; false-alarms: of the model is its budget)",
        "{signal: score, drift: native, against: stable} ~ 41 ~ against: not with signal: score",
        "{signal: 'feature:*', max: 5%}                ~ 28 ~ max: not with signal: feature:* (expected: of drift, tolerance)",
        "{signal: 'feature:a', drift: native, distance: psi} ~ 38 ~ distance: not supported by this version (supported: \"against: stable\"",
        "{signal: 'missing:*', drift: native}          ~ 10 ~ missing:*: not supported by this version (supported: feature:NAME or category:NAME with drift: native",
        "{signal: scores, drift: native}               ~ 10 ~ scores: unknown signal (nearest known signal: score)",
        "{signal: gpu.memory, max: 95%, for: 30s}      ~ 10 ~ gpu.memory: not supported",
        "{signal: errors, against: stable, segment: x} ~ 35 ~ segment: not supported by this",
        "{signal: errors, against: stable, max: 5%}    ~ 10 ~ both against and max",
        "{signal: errors, against: '2'}                ~ 27 ~ 2 (expected: stable)",
        "{signal: errors, max: 0}                      ~ 23 ~ expected: a share above 0",
        "{signal: errors, max: -5%}                    ~ 23 ~ expected: a share above 0",
        "{signal: errors, max: NaN}                    ~ 23 ~ expected: a share above 0",
        "{signal: errors, against: stable, alpha: 1}   ~ 42 ~ expected: a probability",
        "{signal: errors, against: stable, alpha: '${env:ALPHA}'} ~ 42 ~ ${env:ALPHA} (expected",
        "{signal: errors, against: stable, breaches: 5 of 3} ~ 45 ~ N of M with 1 <= N <= M <= 64",
        "{signal: errors, against: stable, breaches: 3} ~ 45 ~ such as 3 of 5",
        "{signal: errors, against: stable, severe: 101%} ~ 43 ~ above 0 and at most 1",
        "{signal: errors, against: stable, then: page} ~ 41 ~ one of trip, alert",
      })
  void mistakeInGuardrail_isPlaced(String guardrail, int column, String message) {
    String start = "models: [{name: m, guardrails: [";
    assertThat(errors(start + guardrail + "]}]\n"))
        .singleElement()
        .asString()
        .startsWith("b.yaml:1:" + (start.length() + column) + ": ")
        .contains(message);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "# nothing           ~ b.yaml: empty",
        "models:             ~ b.yaml:1:8: models: empty (expected: a list)",
        "models: []          ~ b.yaml:1:9: models: no model",
        "alerts: []          ~ b.yaml:1:1: models: missing",
        "[a]                 ~ b.yaml:1:1: a list (expected: a mapping",
        "models: [           ~ b.yaml:2:1: not YAML:",
        "a: b: c             ~ b.yaml:1:5: not YAML:",
        "a: 1|---|b: 2       ~ b.yaml:2:1: not YAML:",
        "a: *nowhere         ~ b.yaml:1:4: not YAML:",
      })
  void fileWithoutUsableStructure_isRefused(String yaml, String start) {
    assertThat(errors(yaml.replace("|", "\n") + "\n").get(0)).startsWith(start);
  }

  @Test
  void notUtf8_isRefused() {
    ConfigException refusal =
        catchThrowableOfType(
            ConfigException.class, () -> READER.parse("b.yaml", new byte[] {(byte) 0xC3, 0x28}));

    assertThat(refusal).hasMessage("b.yaml: not UTF-8 (expected: a YAML file in UTF-8)");
  }

  @Test
  void missingFile_isNamed() {
    Path file = folder.resolve("nope.yaml");

    ConfigException refusal = catchThrowableOfType(ConfigException.class, () -> READER.read(file));

    assertThat(refusal).hasMessage(file + ": no such file (expected: a guardrail file)");
  }

  @Test
  void guardrailsOfOneName_areRefused() {
    assertThat(
            errors(
                """
                models:
                  - name: m
                    guardrails:
                      - {signal: errors, against: stable}
                      - {signal: errors, against: stable, alpha: 1e-3}
                """))
        .containsExactly(
            "b.yaml:5:9: models[0].guardrails[1].name: \"errors against stable\" twice"
                + " (expected: a name: of its own for each)");
  }

  @Test
  void ruleBehindAGlobThatFitsToo_isRefused() {
    assertThat(
            errors(
                """
                models:
                  - {name: "c*", guardrails: [{signal: errors, max: 5%}]}
                  - {name: credit, guardrails: [{signal: errors, max: 5%}]}
                """))
        .containsExactly(
            "b.yaml:3:12: models[1].name: credit is never reached, c* above fits first"
                + " (expected: the more special name first)");
  }

  @Test
  void secrets_comeFromEnvironmentDefaultsAndFiles() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "from-file\n");
    CollectorConfig config =
        parse(
            "auth:\n  tokens:\n"
                + "    - {name: a, role: emit, secret: \"${env:HOOK_SECRET}\"}\n"
                + "    - {name: b, role: read, secret: \"${env:NOPE:-fallback}\"}\n"
                + "    - {name: c, role: operate, secret: \"${file:"
                + secret
                + "}\"}\n"
                + "    - {name: d, role: read, secret: \"x$${env:Y}\"}\n"
                + "models: [{name: m, guardrails: [{signal: errors, max: 5%}]}]\n");

    assertThat(config.tokens())
        .extracting(Token::secret)
        .containsExactly("s3cret", "fallback", "from-file", "x${env:Y}");
  }

  @Test
  void values_behindReferencesAndSecrets_areNeverInMessages() {
    assertThat(
            errors(
                """
                auth: {tokens: [{name: "${env:HOOK_SECRET}", role: "${env:HOOK_SECRET}", secret: " "}]}
                models: [{name: m, guardrails: [{signal: errors, max: "${env:HOOK_SECRET}"}]}]
                """))
        .hasSize(3)
        .noneMatch(message -> message.contains("s3cret"));
  }

  @Test
  void readAgain_keepsAddressesAndRefusesToLoseTheirTokens() throws Exception {
    String models = "models: [{name: m, guardrails: [{signal: errors, max: 5%}]}]\n";
    String auth = "auth: {tokens: [{name: a, role: operate, secret: b}]}\n";
    Path file = Files.writeString(folder.resolve("b.yaml"), auth + models);
    Listen everywhere = new Listen("0.0.0.0", 3, 1, 2);
    CollectorConfig inForce = READER.read(file).listeningOn(everywhere);

    assertThat(READER.readAgain(inForce).listen()).isEqualTo(everywhere);

    Files.writeString(file, models);
    ConfigException refusal =
        catchThrowableOfType(ConfigException.class, () -> READER.readAgain(inForce));
    assertThat(refusal)
        .hasMessageStartingWith(file + ": listening on 0.0.0.0: reachable from other machines");
  }

  private static CollectorConfig parse(String yaml) throws ConfigException {
    return READER.parse("b.yaml", yaml.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> errors(String yaml) {
    ConfigException refusal = catchThrowableOfType(ConfigException.class, () -> parse(yaml));
    assertThat(refusal).as("refusal of %s", yaml).isNotNull();
    return refusal.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void deviceAsASecret_isRefusedRatherThanReadForever() {
    assertThat(
            errors(
                "auth: {tokens: [{name: a, role: emit, secret: '${file:/dev/zero}'}]}\n" + MODEL))
        .singleElement()
        .asString()
        .contains("/dev/zero is not a file (expected: one with a text)");
  }

  @Test
  void aliasesThatMultiply_endInOneProblem() {
    StringBuilder bomb =
        new StringBuilder("models:\n  - name: m\n    backend:\n      type: fake\n");
    bomb.append("      a: &a [x, x, x, x, x, x, x]\n");
    for (char c = 'b'; c < 'i'; c++) {
      String before = "*" + (char) (c - 1);
      bomb.append("      ").append(c).append(": &").append(c).append(" [");
      bomb.append(String.join(", ", java.util.Collections.nCopies(7, before))).append("]\n");
    }
    assertThat(errors(bomb + "    guardrails: [{signal: errors, max: 5%}]\n"))
        .anySatisfy(error -> assertThat(error).asString().contains("too many values"));
  }

  @Test
  void nestingWithoutEnd_isRefusedWithItsPlace() {
    assertThat(errors("models:\n  " + "[".repeat(100_000)))
        .containsExactly("b.yaml:2:52: nested too deeply (expected: at most 50 levels)");
  }

  private static final String MODEL =
      "models: [{name: m, guardrails: [{signal: errors, max: 5%}]}]\n";
}
