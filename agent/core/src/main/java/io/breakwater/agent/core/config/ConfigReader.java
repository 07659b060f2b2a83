package io.breakwater.agent.core.config;

import io.breakwater.signals.GenAiConventions;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns settings into values. What cannot be read becomes a warning, and the default stands. */
final class ConfigReader {
  static final String SERVICE_NAME = "service.name";
  static final String UNKNOWN_SERVICE = "unknown_service:java";

  private static final String METRICS_PATH = "/v1/metrics";
  private static final String AUTHORIZATION = "Authorization";
  private static final String SECRET = "***";
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  /** Reads a text; the message of what it throws says what would be right. */
  private interface Parser<T> {
    T parse(String text);
  }

  // No lambdas: settings are read in every JVM that has the agent, before its main, and linking
  // the first lambda there costs more than reading them all.
  private static final Parser<Boolean> BOOL =
      new Parser<>() {
        @Override
        public Boolean parse(String text) {
          return Texts.bool(text);
        }
      };
  private static final Parser<Duration> MILLIS =
      new Parser<>() {
        @Override
        public Duration parse(String text) {
          return Duration.ofMillis(Texts.number(text, 1, 3_600_000));
        }
      };
  private static final Parser<Map<String, String>> PAIRS =
      new Parser<>() {
        @Override
        public Map<String, String> parse(String text) {
          return Texts.pairs(text);
        }
      };
  private static final Parser<Boolean> COMPRESSION =
      new Parser<>() {
        @Override
        public Boolean parse(String text) {
          return isGzip(text);
        }
      };
  private static final Parser<URI> BASE_URL =
      new Parser<>() {
        @Override
        public URI parse(String text) {
          return withMetricsPath(http(text));
        }
      };
  private static final Parser<URI> METRICS_URL =
      new Parser<>() {
        @Override
        public URI parse(String text) {
          return http(text);
        }
      };

  private static final Parser<GenAiConventions> CONVENTIONS =
      new Parser<>() {
        @Override
        public GenAiConventions parse(String text) {
          return GenAiConventions.parse(text);
        }
      };

  private final Settings settings;
  private final List<String> warnings;

  ConfigReader(Settings settings, List<String> warnings) {
    this.settings = settings;
    this.warnings = warnings;
  }

  List<String> warnings() {
    return warnings;
  }

  @Nullable String text(ConfigKey key) {
    Setting setting = settings.find(key);
    return setting == null ? null : setting.text();
  }

  String textOrDefault(ConfigKey key) {
    String text = text(key);
    return text == null ? key.defaultText() : text;
  }

  boolean bool(ConfigKey key) {
    return read(settings.find(key), BOOL, Texts.bool(key.defaultText()));
  }

  GenAiConventions conventions(ConfigKey key) {
    return read(settings.find(key), CONVENTIONS, GenAiConventions.parse(key.defaultText()));
  }

  int number(ConfigKey key, int least, int most) {
    int usual = Texts.number(key.defaultText(), least, most);
    return read(
        settings.find(key),
        new Parser<Integer>() {
          @Override
          public Integer parse(String text) {
            return Texts.number(text, least, most);
          }
        },
        usual);
  }

  Duration duration(ConfigKey key, Duration least, Duration most) {
    Duration usual = Texts.duration(key.defaultText(), least, most);
    return read(
        settings.find(key),
        new Parser<Duration>() {
          @Override
          public Duration parse(String text) {
            return Texts.duration(text, least, most);
          }
        },
        usual);
  }

  private <T> T read(@Nullable Setting setting, Parser<T> parser, T usual) {
    if (setting == null) {
      return usual;
    }
    try {
      return parser.parse(setting.text());
    } catch (IllegalArgumentException e) {
      warn(setting, Texts.withoutUser(setting.text()), e.getMessage());
      return usual;
    }
  }

  private void warn(Setting setting, String shown, @Nullable String expected) {
    warnings.add(
        setting.name()
            + ": "
            + shown
            + " (expected: "
            + expected
            + "; from: "
            + setting.origin()
            + "), going on with the default");
  }

  /** {@code breakwater.enabled}, or else not {@code OTEL_SDK_DISABLED}. */
  boolean enabled() {
    Setting own = settings.find(ConfigKey.ENABLED);
    if (own != null) {
      return read(own, BOOL, true);
    }
    return !read(settings.findOpenTelemetry("OTEL_SDK_DISABLED"), BOOL, false);
  }

  /** The file's rules for single models, by the models' own names. */
  Map<String, ModelRule> modelRules() {
    Map<String, ModelRule> rules = new LinkedHashMap<>();
    for (String model : settings.ruledModels()) {
      Setting name = settings.ofModel(model, "name");
      Setting version = settings.ofModel(model, "version");
      rules.put(
          model,
          new ModelRule(
              name == null ? null : name.text(),
              version == null ? null : version.text(),
              names(settings.ofModel(model, "features"))));
    }
    return rules;
  }

  List<String> names(ConfigKey key) {
    return names(settings.find(key));
  }

  /** A list, or the lines of a file if the text is the name of one. */
  private List<String> names(@Nullable Setting setting) {
    if (setting == null) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (String line : linesOfFile(setting)) {
      names.addAll(Texts.split(line, ','));
    }
    return names;
  }

  private List<String> linesOfFile(Setting setting) {
    try {
      Path file = Path.of(setting.text());
      return Files.isRegularFile(file)
          ? Texts.split(SmallFile.text(file), '\n')
          : List.of(setting.text());
    } catch (InvalidPathException e) {
      return List.of(setting.text());
    } catch (IOException e) {
      warn(
          setting, setting.text(), "a list of names, or a readable file in UTF-8 of at most 1 MiB");
      return List.of();
    }
  }

  /** {@code service.name} and what else OpenTelemetry's variables say about the resource. */
  Map<String, String> resource() {
    Map<String, String> resource = new LinkedHashMap<>();
    resource.put(SERVICE_NAME, UNKNOWN_SERVICE);
    Setting attributes = settings.findOpenTelemetry("OTEL_RESOURCE_ATTRIBUTES");
    resource.putAll(read(attributes, PAIRS, Map.<String, String>of()));
    Setting service = settings.findOpenTelemetry("OTEL_SERVICE_NAME");
    if (service != null) {
      resource.put(SERVICE_NAME, service.text());
    }
    return resource;
  }

  OtlpEndpoint endpoint() {
    Setting certificate = settings.find(ConfigKey.CERTIFICATE);
    if (certificate == null) {
      certificate = openTelemetry("CERTIFICATE");
    }
    Setting clientCertificate = openTelemetry("CLIENT_CERTIFICATE");
    Setting clientKey = openTelemetry("CLIENT_KEY");
    Setting timeout = openTelemetry("TIMEOUT");
    Setting compression = openTelemetry("COMPRESSION");
    warnOfOtherProtocols();
    return new OtlpEndpoint(
        url(),
        headers(),
        certificate == null ? null : certificate.text(),
        clientCertificate == null ? null : clientCertificate.text(),
        clientKey == null ? null : clientKey.text(),
        read(timeout, MILLIS, DEFAULT_TIMEOUT),
        read(compression, COMPRESSION, false));
  }

  /** The variable for metrics, else the one for every signal. */
  private @Nullable Setting openTelemetry(String suffix) {
    Setting metrics = settings.findOpenTelemetry("OTEL_EXPORTER_OTLP_METRICS_" + suffix);
    return metrics != null ? metrics : settings.findOpenTelemetry("OTEL_EXPORTER_OTLP_" + suffix);
  }

  private static boolean isGzip(String text) {
    if (text.equals("gzip")) {
      return true;
    }
    if (text.equals("none")) {
      return false;
    }
    throw new IllegalArgumentException("gzip or none");
  }

  private void warnOfOtherProtocols() {
    Setting protocol = openTelemetry("PROTOCOL");
    if (protocol != null && !protocol.text().equals("http/protobuf")) {
      warnings.add(
          protocol.name()
              + ": "
              + protocol.text()
              + " (expected: http/protobuf, the only one the agent speaks; its usual port is 4318)");
    }
  }

  private URI url() {
    URI usual = withMetricsPath(URI.create(ConfigKey.ENDPOINT.defaultText()));
    Setting own = settings.find(ConfigKey.ENDPOINT);
    if (own != null) {
      return read(own, BASE_URL, usual);
    }
    Setting metrics = settings.findOpenTelemetry("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
    if (metrics != null) {
      return read(metrics, METRICS_URL, usual);
    }
    Setting all = settings.findOpenTelemetry("OTEL_EXPORTER_OTLP_ENDPOINT");
    return read(all, BASE_URL, usual);
  }

  private static URI http(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // told with an example below
    }
    throw new IllegalArgumentException("an address like http://host:4318");
  }

  private static URI withMetricsPath(URI base) {
    String text = base.toString();
    if (text.endsWith(METRICS_PATH)) {
      return base;
    }
    return URI.create(
        (text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + METRICS_PATH);
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    Setting given = openTelemetry("HEADERS");
    if (given != null) {
      try {
        Map<String, String> pairs = Texts.pairs(given.text());
        pairs.forEach(Texts::checkHeader);
        headers.putAll(pairs);
      } catch (IllegalArgumentException e) {
        warn(given, SECRET, e.getMessage());
      }
    }
    String token = token();
    if (token != null) {
      headers.keySet().removeIf(AUTHORIZATION::equalsIgnoreCase);
      headers.put(AUTHORIZATION, "Bearer " + token);
    }
    return headers;
  }

  /** A header takes no line breaks and the like, and what refuses them may show the secret. */
  private @Nullable String checkedToken(@Nullable Setting setting, String token) {
    if (setting == null || Texts.isHeaderValue(token)) {
      return token;
    }
    warn(setting, SECRET, "one line without control characters");
    return null;
  }

  private @Nullable String token() {
    String token = text(ConfigKey.TOKEN);
    Setting file = settings.find(ConfigKey.TOKEN_FILE);
    if (token != null) {
      return checkedToken(settings.find(ConfigKey.TOKEN), token);
    }
    if (file == null) {
      return null;
    }
    try {
      return checkedToken(file, SmallFile.text(Path.of(file.text())).trim());
    } catch (IOException | InvalidPathException e) {
      warn(file, file.text(), "a readable file that holds the token");
      return null;
    }
  }
}
