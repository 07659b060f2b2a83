package io.breakwater.collector.config;

import static java.util.Objects.requireNonNull;

import io.breakwater.collector.store.Retention;
import io.breakwater.collector.tls.TlsFiles;
import io.breakwater.engine.backend.AddressRule;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.reference.ReferenceSet;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The guardrail file as read, defaults filled in and secrets resolved.
 *
 * @param source the file, for messages
 * @param digest SHA-256, in hex, of the file's bytes
 * @param models in file order; the first whose pattern fits a model's name counts
 * @param security TLS, client certificates, what may be connected to, what must not be shown
 * @param listenInFile where to listen as the file says; flags or the start may say otherwise
 * @param retention how long what is written down is kept
 * @param limits what is taken at most
 */
public record CollectorConfig(
    String source,
    String digest,
    Listen listen,
    List<Token> tokens,
    List<ModelRule> models,
    List<AlertTarget> alerts,
    Security security,
    Listen listenInFile,
    Retention retention,
    Limits limits) {
  /** A configuration as the file has it. */
  public CollectorConfig(
      String source,
      String digest,
      Listen listen,
      List<Token> tokens,
      List<ModelRule> models,
      List<AlertTarget> alerts,
      Security security) {
    this(
        source,
        digest,
        listen,
        tokens,
        models,
        alerts,
        security,
        listen,
        Retention.DEFAULTS,
        Limits.DEFAULTS);
  }

  /** A configuration with tokens at most. */
  public CollectorConfig(
      String source,
      String digest,
      Listen listen,
      List<Token> tokens,
      List<ModelRule> models,
      List<AlertTarget> alerts) {
    this(source, digest, listen, tokens, models, alerts, Security.NONE);
  }

  public CollectorConfig {
    requireNonNull(source, "source");
    requireNonNull(digest, "digest");
    requireNonNull(listen, "listen");
    tokens = List.copyOf(tokens);
    models = List.copyOf(models);
    alerts = List.copyOf(alerts);
    requireNonNull(security, "security");
    requireNonNull(listenInFile, "listenInFile");
    requireNonNull(retention, "retention");
    requireNonNull(limits, "limits");
  }

  /** The same with other addresses. */
  public CollectorConfig listeningOn(Listen other) {
    return new CollectorConfig(
        source, digest, other, tokens, models, alerts, security, listenInFile, retention, limits);
  }

  /**
   * What is not about single models or targets.
   *
   * @param tls certificates and key; null: ports speak plainly
   * @param clients what a client certificate allows, by a name in it
   * @param outgoing which addresses backends and alerts may connect to
   * @param secrets what must not be shown
   */
  public record Security(
      @Nullable TlsFiles tls, Map<String, Role> clients, AddressRule outgoing, Secrets secrets) {
    /** Plain ports, no client certificates, no exceptions. */
    public static final Security NONE =
        new Security(null, Map.of(), AddressRule.STRICT, Secrets.NONE);

    public Security {
      clients = Collections.unmodifiableMap(new LinkedHashMap<>(clients));
      requireNonNull(outgoing, "outgoing");
      requireNonNull(secrets, "secrets");
    }
  }

  /** Where to listen; port 0 means any free one. */
  public record Listen(String host, int otlpGrpcPort, int otlpHttpPort, int httpPort) {
    public static final Listen DEFAULTS = new Listen("127.0.0.1", 4317, 4318, 9470);
  }

  /** What a token allows. */
  public enum Role {
    /** Sending metrics. */
    EMIT,
    /** Reading states and decisions. */
    READ,
    /** Giving orders; includes reading. */
    OPERATE
  }

  /** A bearer token; {@code toString} hides the secret. */
  public record Token(String name, Role role, String secret) {
    @Override
    public String toString() {
      return "Token[name=" + name + ", role=" + role + ", secret=***]";
    }
  }

  /**
   * The rules for one model, or for all that fit a glob.
   *
   * @param pattern exact name or glob ({@code *} and {@code ?})
   * @param template the policy; its {@code model} is the pattern
   * @param reference the content of the reference file that the policy names, or null
   * @param backend the {@code backend:} section, secrets resolved, or null
   * @param alerts names of the targets to tell
   */
  public record ModelRule(
      String pattern,
      ModelPolicy template,
      @Nullable ReferenceSet reference,
      @Nullable Map<String, Object> backend,
      List<String> alerts) {
    public ModelRule {
      alerts = List.copyOf(alerts);
    }

    /** Without the backend's settings: they may hold secrets. */
    @Override
    public String toString() {
      return "ModelRule[pattern=" + pattern + ", alerts=" + alerts + "]";
    }

    /** Whether this rule is for {@code model}. */
    public boolean fits(String model) {
      return globFits(pattern, 0, model, 0);
    }

    /** The policy of {@code model}. */
    public ModelPolicy policyFor(String model) {
      return template.forModel(model);
    }

    private static boolean globFits(String glob, int g, String text, int t) {
      int star = -1;
      int mark = 0;
      while (t < text.length()) {
        if (g < glob.length() && (glob.charAt(g) == '?' || glob.charAt(g) == text.charAt(t))) {
          g++;
          t++;
        } else if (g < glob.length() && glob.charAt(g) == '*') {
          star = g++;
          mark = t;
        } else if (star >= 0) {
          g = star + 1;
          t = ++mark;
        } else {
          return false;
        }
      }
      while (g < glob.length() && glob.charAt(g) == '*') {
        g++;
      }
      return g == glob.length();
    }
  }

  /** Somebody to tell. */
  public sealed interface AlertTarget {
    /** The name models refer to it by. */
    String name();

    /** CloudEvents, signed when there is a secret. */
    record Webhook(String name, URI url, @Nullable String secret) implements AlertTarget {
      @Override
      public String toString() {
        return "Webhook[name=" + name + ", secret=***]";
      }
    }

    /** An Alertmanager's base address. */
    record Alertmanager(String name, URI url) implements AlertTarget {}
  }
}
