package io.breakwater.collector.config;

import io.breakwater.collector.config.CollectorConfig.AlertTarget;
import io.breakwater.collector.config.CollectorConfig.Listen;
import io.breakwater.collector.config.CollectorConfig.ModelRule;
import io.breakwater.collector.config.CollectorConfig.Role;
import io.breakwater.collector.config.CollectorConfig.Security;
import io.breakwater.collector.config.CollectorConfig.Token;
import io.breakwater.collector.reference.ReferenceFile;
import io.breakwater.collector.store.Retention;
import io.breakwater.collector.tls.TlsFiles;
import io.breakwater.engine.backend.AddressRule;
import io.breakwater.engine.backend.DeploymentBackendProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads the guardrail file ({@code breakwater.yaml}).
 *
 * <p>Everything that is wrong is found in one pass and reported with line and column. Values that
 * references such as <code>${env:NAME}</code> lead to are never part of a message. Stateless and
 * safe for use by many threads.
 */
public final class GuardrailFile {
  /** More than any file needs, and far from what overflows the stack. */
  private static final int MAX_DEPTH = 50;

  /** Thousands of models. */
  private static final int MAX_BYTES = 2 << 20;

  private final Function<String, @Nullable String> environment;
  private final Map<String, DeploymentBackendProvider> providers;
  private final ReferenceSection.Reader referenceReader;

  private GuardrailFile(
      Function<String, @Nullable String> environment,
      Iterable<DeploymentBackendProvider> providers,
      ReferenceSection.Reader references) {
    this.environment = environment;
    this.referenceReader = references;
    this.providers = new TreeMap<>();
    providers.forEach(provider -> this.providers.put(provider.name(), provider));
  }

  /** A reader with the process's environment and the backends on the class path. */
  public static GuardrailFile reader() {
    return new GuardrailFile(
        System::getenv, ServiceLoader.load(DeploymentBackendProvider.class), ReferenceFile::read);
  }

  /** A reader with the given environment, backends and reference files. */
  static GuardrailFile reader(
      Function<String, @Nullable String> environment,
      Iterable<DeploymentBackendProvider> providers,
      ReferenceSection.Reader references) {
    return new GuardrailFile(environment, providers, references);
  }

  /**
   * Reads the file.
   *
   * @throws ConfigException with everything that is wrong with it
   */
  public CollectorConfig read(Path file) throws ConfigException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw unusable(file, "over " + MAX_BYTES + " bytes (expected: a guardrail file)");
      }
      return parse(file.toString(), bytes);
    } catch (NoSuchFileException e) {
      throw unusable(file, "no such file (expected: a guardrail file)");
    } catch (IOException e) {
      throw unusable(file, "cannot be read: " + e);
    }
  }

  /**
   * Reads the file that {@code inForce} came from again. Ports stay bound as they are, so the
   * result has the addresses in force, and must have tokens where they need them.
   *
   * @throws ConfigException with everything that is wrong with it
   */
  public CollectorConfig readAgain(CollectorConfig inForce) throws ConfigException {
    Path file = Path.of(inForce.source());
    CollectorConfig next = read(file).listeningOn(inForce.listen());
    String objection = Exposure.objection(next);
    if (objection != null) {
      throw unusable(file, "listening on " + objection);
    }
    return next;
  }

  private static ConfigException unusable(Path file, String message) {
    return new ConfigException(List.of(new Problem(file.toString(), 0, 0, message)));
  }

  CollectorConfig parse(String source, byte[] bytes) throws ConfigException {
    References references = new References(environment);
    Problems problems = new Problems(source, references.secrets());
    Node root = compose(source, bytes, problems);
    problems.throwIfAny();
    if (root == null) {
      problems.add(Optional.empty(), "empty (expected: models: and what guards them)");
      throw problems.failure();
    }
    CollectorConfig config = new Reading(problems, references).file(source, digest(bytes), root);
    problems.throwIfAny();
    return config;
  }

  private static @Nullable Node compose(String source, byte[] bytes, Problems problems) {
    LoadSettings settings = LoadSettings.builder().setLabel(source).setUseMarks(true).build();
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      Mark tooDeep = tooDeep(settings, text);
      if (tooDeep != null) {
        problems.add(
            Optional.of(tooDeep), "nested too deeply (expected: at most " + MAX_DEPTH + " levels)");
        return null;
      }
      return new Compose(settings).composeString(text).orElse(null);
    } catch (CharacterCodingException e) {
      problems.add(Optional.empty(), "not UTF-8 (expected: a YAML file in UTF-8)");
    } catch (MarkedYamlEngineException e) {
      String context = e.getContext() == null ? "" : " (" + e.getContext() + ")";
      problems.add(e.getProblemMark(), "not YAML: " + e.getProblem() + context);
    } catch (YamlEngineException e) {
      problems.add(Optional.empty(), "not YAML: " + e.getMessage());
    }
    return null;
  }

  /** Where the file is nested deeper than the composer's stack can follow, or null. */
  private static @Nullable Mark tooDeep(LoadSettings settings, String text) {
    int depth = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
        return event.getStartMark().orElse(null);
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      }
    }
    return null;
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** One pass over one file. */
  private final class Reading {
    private final Problems problems;
    private final References references;

    Reading(Problems problems, References references) {
      this.problems = problems;
      this.references = references;
    }

    CollectorConfig file(String source, String digest, Node root) {
      Section file = new Section(root, "", references, problems);
      file.check(Keys.FILE, true);
      List<Token> tokens = tokens(file);
      SecuritySections sections = new SecuritySections(Path.of(source), problems);
      Map<String, Role> clients = sections.clients(file.section("tls"));
      TlsFiles tls = sections.tls(file.section("tls"));
      AddressRule outgoing = sections.outgoing(file.section("outgoing"));
      Listen listen = listen(file, tokens, clients);
      List<AlertTarget> alerts = alerts(file);
      ReferenceSection referenceFiles = new ReferenceSection(Path.of(source), referenceReader);
      List<ModelRule> models = models(file, digest, alerts, referenceFiles);
      Security security = new Security(tls, clients, outgoing, references.secrets().all());
      return new CollectorConfig(
          source,
          digest,
          listen,
          tokens,
          models,
          alerts,
          security,
          listen,
          retention(file),
          limits(file));
    }

    private Listen listen(Section file, List<Token> tokens, Map<String, Role> clients) {
      Section section = file.section("listen");
      if (section == null) {
        return Listen.DEFAULTS;
      }
      section.check(Keys.LISTEN, true);
      Listen listen =
          new Listen(
              section.read("host", Listen.DEFAULTS.host(), Values::text),
              section.read("otlp-grpc-port", Listen.DEFAULTS.otlpGrpcPort(), Values::port),
              section.read("otlp-http-port", Listen.DEFAULTS.otlpHttpPort(), Values::port),
              section.read("http-port", Listen.DEFAULTS.httpPort(), Values::port));
      String objection = Exposure.objection(listen, tokens, clients);
      if (objection != null) {
        section.wrong("host", objection);
      }
      return listen;
    }

    private Retention retention(Section file) {
      Section section = file.section("retention");
      Retention absent = Retention.DEFAULTS;
      if (section == null) {
        return absent;
      }
      section.check(Keys.RETENTION, true);
      Duration decisions = section.read("decisions", absent.decisions(), Values::duration);
      Duration inputs =
          section.read("inputs", shorter(absent.inputs(), decisions), Values::duration);
      if (inputs.compareTo(decisions) > 0) {
        section.wrong(
            "inputs",
            "longer than decisions (expected: at most as long: inputs explain a decision)");
      }
      return new Retention(
          decisions,
          shorter(inputs, decisions),
          section.read("replay", absent.replay(), Values::durationOrZero),
          section.read("journal-size", absent.journalBytes(), Values::bytes),
          section.read("replay-size", absent.replayBytes(), Values::bytes));
    }

    private static Duration shorter(Duration one, Duration other) {
      return one.compareTo(other) < 0 ? one : other;
    }

    private Limits limits(Section file) {
      Section section = file.section("limits");
      Limits absent = Limits.DEFAULTS;
      if (section == null) {
        return absent;
      }
      section.check(Keys.LIMITS, true);
      long request =
          section.read(
              "request-size", absent.requestSize(), t -> Values.bytes(t, 1L << 20, 256L << 20));
      long waiting =
          section.read(
              "waiting-size",
              Math.max(absent.waitingSize(), request),
              t -> Values.bytes(t, 1L << 20, 16L << 30));
      if (waiting < request) {
        section.wrong(
            "waiting-size",
            Values.shownBytes(waiting)
                + ", less than a request of "
                + Values.shownBytes(request)
                + " (expected: at least request-size, else none of that size is ever taken)");
      }
      return new Limits(
          count(section, "models", absent.models(), 100_000),
          count(section, "versions", absent.versions(), 1_000),
          count(section, "signals", absent.signals(), 20_000),
          count(section, "names", absent.names(), 10_000),
          request,
          count(section, "request-points", absent.requestPoints(), 1_000_000),
          waiting,
          count(section, "waiting-points", absent.waitingPoints(), 200_000),
          count(section, "streams", absent.streams(), 10_000_000),
          count(section, "connections", absent.connections(), 1_000_000));
    }

    private static int count(Section section, String key, int absent, int most) {
      return section.read(key, absent, text -> Values.within(text, 1, most));
    }

    private List<Token> tokens(Section file) {
      Section auth = file.section("auth");
      if (auth == null) {
        return List.of();
      }
      auth.check(Keys.AUTH, true);
      auth.require("tokens", "a list such as [{name: agents, role: emit, secret: \"${env:T}\"}]");
      List<Token> tokens = new ArrayList<>();
      for (Section section : auth.sections("tokens")) {
        section.check(Keys.TOKEN, true);
        section.require("name", "a text");
        section.require("role", "emit, read or operate");
        section.require("secret", "a text, such as \"${env:TOKEN}\"");
        String name = section.read("name", Values::text);
        Role role = section.read("role", text -> Values.choice(Role.class, text));
        String secret = section.read("secret", Values::bearer);
        for (Token earlier : tokens) {
          if (earlier.name().equals(name)) {
            section.wrong("name", name + " twice (expected: once, for the record of who did what)");
          }
          if (earlier.secret().equals(secret)) {
            section.wrong("secret", "that of " + earlier.name() + " (expected: one of its own)");
          }
        }
        if (name != null && role != null && secret != null) {
          tokens.add(new Token(name, role, secret));
        }
      }
      return tokens;
    }

    private List<AlertTarget> alerts(Section file) {
      List<AlertTarget> targets = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (Section section : file.sections("alerts")) {
        section.check(Keys.ALERT, true);
        section.require("name", "a text that models' alert: lists refer to");
        String name = section.read("name", "", Values::text);
        if (!name.isEmpty() && !names.add(name)) {
          section.wrong("name", name + " twice (expected: once)");
        }
        targets.add(target(section, name));
      }
      return targets;
    }

    private AlertTarget target(Section section, String name) {
      URI none = URI.create("http://localhost");
      String secret = section.read("secret", Values::text);
      if (section.has("webhook") == section.has("alertmanager")) {
        problems.add(
            section.node(),
            section.path() + ": expected one of webhook: and alertmanager:, with an address");
      } else if (section.has("alertmanager") && section.has("secret")) {
        section.wrong("secret", "only a webhook is signed (expected: none with alertmanager)");
      }
      URI webhook = section.read("webhook", none, Values::httpUri);
      URI alertmanager = section.read("alertmanager", none, Values::httpUri);
      return section.has("webhook")
          ? new AlertTarget.Webhook(name, webhook, secret)
          : new AlertTarget.Alertmanager(name, alertmanager);
    }

    private List<ModelRule> models(
        Section file, String digest, List<AlertTarget> targets, ReferenceSection referenceFiles) {
      file.require("models", "a list with one entry per model");
      List<Section> sections = file.sections("models");
      if (sections.isEmpty() && file.has("models")) {
        file.wrong("models", "no model (expected: at least one)");
      }
      BackendSection backends = new BackendSection(providers, references, problems);
      List<ModelRule> rules = new ArrayList<>();
      for (Section section : sections) {
        ModelRule rule =
            new ModelSection(section, backends, referenceFiles, problems).read(digest, targets);
        for (ModelRule earlier : rules) {
          if (!rule.pattern().isEmpty() && earlier.fits(rule.pattern())) {
            section.wrong(
                "name",
                rule.pattern()
                    + " is never reached, "
                    + earlier.pattern()
                    + " above fits first (expected: the more special name first)");
          }
        }
        rules.add(rule);
      }
      return rules;
    }
  }
}
