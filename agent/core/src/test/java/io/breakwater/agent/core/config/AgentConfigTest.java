package io.breakwater.agent.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentConfigTest {
  @TempDir private Path folder;

  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private String arguments = "";

  private AgentConfig load() {
    return AgentConfig.load(ConfigSources.of(properties, environment, arguments));
  }

  private void file(String... lines) throws IOException {
    Path file = Files.write(folder.resolve("agent.properties"), Arrays.asList(lines));
    properties.put("breakwater.config", file.toString());
  }

  @Test
  void nothingSet_isTheDocumentedDefault() {
    AgentConfig config = load();

    assertThat(config.enabled()).isTrue();
    assertThat(config.debug()).isFalse();
    assertThat(config.endpoint().url()).isEqualTo(URI.create("http://localhost:4318/v1/metrics"));
    assertThat(config.endpoint().headers()).isEmpty();
    assertThat(config.endpoint().gzip()).isFalse();
    assertThat(config.endpoint().timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.captureFeatures()).isTrue();
    assertThat(config.maxFeatures()).isEqualTo(64);
    assertThat(config.maxCategories()).isEqualTo(50);
    assertThat(config.outcomeFlush()).isEqualTo(Duration.ofMillis(100));
    assertThat(config.featureFlush()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.modelName()).isNull();
    assertThat(config.modelVersion()).isNull();
    assertThat(config.featureNames()).isEmpty();
    assertThat(config.serviceName()).isEqualTo("unknown_service:java");
    assertThat(config.warnings()).isEmpty();
  }

  /** Each source against all those it wins over; 1 and 0 say where the setting is made. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, property",
    "0, 1, 1, 1, environment",
    "0, 0, 1, 1, file",
    "0, 0, 0, 1, argument",
    "0, 0, 0, 0, ''",
    "1, 0, 0, 1, property",
    "0, 1, 0, 1, environment",
    "1, 0, 1, 0, property",
  })
  void sourcesWinInOrder(int property, int variable, int line, int argument, String winner)
      throws IOException {
    file(line == 1 ? "breakwater.model.name=file" : "# nothing");
    if (property == 1) {
      properties.put("breakwater.model.name", "property");
    }
    if (variable == 1) {
      environment.put("BREAKWATER_MODEL_NAME", "environment");
    }
    arguments = argument == 1 ? "model.name=argument" : "";

    assertThat(load().modelName()).isEqualTo(winner.isEmpty() ? null : winner);
  }

  @ParameterizedTest
  @CsvSource({
    "http://own:1, http://metrics:2, http://all:3, http://own:1/v1/metrics",
    "'', http://metrics:2/x, http://all:3, http://metrics:2/x",
    "'', '', http://all:3/, http://all:3/v1/metrics",
    "'', '', https://all:3/base, https://all:3/base/v1/metrics",
    "http://own:1/v1/metrics, '', '', http://own:1/v1/metrics",
  })
  void anyOwnSource_winsOverOpenTelemetrys(String own, String metrics, String all, String url) {
    arguments = own.isEmpty() ? "" : "endpoint=" + own; // the weakest of ours
    environment.put("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", metrics);
    environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", all);

    assertThat(load().endpoint().url()).isEqualTo(URI.create(url));
  }

  @Test
  void openTelemetrysVariables_keepTheirMeaning() {
    environment.put("OTEL_SERVICE_NAME", "scoring");
    environment.put("OTEL_RESOURCE_ATTRIBUTES", "service.name=other,region=eu%2Cwest,x=a+b");
    environment.put("OTEL_EXPORTER_OTLP_HEADERS", "api-key=se%20cret,b=2");
    environment.put("OTEL_EXPORTER_OTLP_CERTIFICATE", "/ca.pem");
    environment.put("OTEL_EXPORTER_OTLP_TIMEOUT", "2500");
    environment.put("OTEL_EXPORTER_OTLP_COMPRESSION", "none");
    environment.put("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "gzip");
    AgentConfig config = load();

    assertThat(config.resource())
        .containsEntry("service.name", "scoring")
        .containsEntry("region", "eu,west")
        .containsEntry("x", "a+b");
    assertThat(config.endpoint().headers())
        .containsEntry("api-key", "se cret")
        .containsEntry("b", "2");
    assertThat(config.endpoint().certificate()).isEqualTo("/ca.pem");
    assertThat(config.endpoint().timeout()).isEqualTo(Duration.ofMillis(2500));
    assertThat(config.endpoint().gzip()).isTrue();
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void openTelemetrysProperty_winsOverItsVariable() {
    properties.put("otel.service.name", "property");
    environment.put("OTEL_SERVICE_NAME", "variable");

    assertThat(load().serviceName()).isEqualTo("property");
  }

  @ParameterizedTest
  @CsvSource({"'', '', true", "'', true, false", "true, true, true", "false, '', false"})
  void ownSwitch_winsOverOpenTelemetrys(String own, String disabled, boolean enabled) {
    properties.put("breakwater.enabled", own);
    environment.put("OTEL_SDK_DISABLED", disabled);

    assertThat(load().enabled()).isEqualTo(enabled);
  }

  @Test
  void token_becomesTheAuthorization() throws IOException {
    environment.put("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Basic x,a=1");
    properties.put(
        "breakwater.token.file",
        Files.writeString(folder.resolve("token"), " from-file \n").toString());

    assertThat(load().endpoint().headers())
        .containsOnly(Map.entry("Authorization", "Bearer from-file"), Map.entry("a", "1"));
    environment.put("BREAKWATER_TOKEN", "own");
    assertThat(load().endpoint().headers()).containsEntry("Authorization", "Bearer own");
  }

  @Test
  void features_areAListOrAFile() throws IOException {
    arguments = "features=age,income, debt,enabled=true";
    assertThat(load().featureNames()).containsExactly("age", "income", "debt");

    Path names = Files.writeString(folder.resolve("names"), "a\nb,c\n");
    properties.put("breakwater.features", names.toString());
    assertThat(load().featureNames()).containsExactly("a", "b", "c");
  }

  @ParameterizedTest
  @CsvSource({
    "breakwater.enabled, ja, true or false",
    "breakwater.capture.max-features, 0, 1 to 1000",
    "breakwater.capture.max-features, many, 1 to 1000",
    "breakwater.flush.outcome, 100, with a unit",
    "breakwater.flush.outcome, 1ms, 10ms to 60000ms",
    "breakwater.flush.feature, -1s, 1000ms to 600000ms",
    "breakwater.endpoint, localhost:4318, an address like http://host:4318",
    "breakwater.endpoint, 'http://a b', an address like http://host:4318",
    "breakwater.token.file, /no/such/file, a readable file",
    "breakwater.config, /no/such/file, a properties file",
    "otel.exporter.otlp.timeout, soon, 1 to 3600000",
    "otel.exporter.otlp.compression, lz4, gzip or none",
    "otel.exporter.otlp.protocol, grpc, http/protobuf",
    "otel.resource.attributes, no-pair, 'key=value'",
  })
  void whatCannotBeRead_isOneWarningAndTheDefaultStands(String key, String text, String expected) {
    properties.put(key, text);
    AgentConfig config = load();

    assertThat(config.warnings()).singleElement().asString().contains(key, text, expected);
    assertThat(config.enabled()).isTrue();
    assertThat(config.maxFeatures()).isEqualTo(64);
    assertThat(config.outcomeFlush()).isEqualTo(Duration.ofMillis(100));
    assertThat(config.endpoint().url()).isEqualTo(URI.create("http://localhost:4318/v1/metrics"));
    assertThat(config.endpoint().timeout()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void fileHasRulesForSingleModels() throws IOException {
    file(
        "breakwater.model.version=7",
        "breakwater.model.credit.name=loans",
        "breakwater.model.credit.features=age, income",
        "breakwater.model.com.acme.fraud.version=3",
        "breakwater.model.credit.colour=red");

    AgentConfig config = load();

    assertThat(config.modelVersion()).isEqualTo("7");
    assertThat(config.modelRules()).containsOnlyKeys("credit", "com.acme.fraud");
    assertThat(config.modelRules().get("credit").name()).isEqualTo("loans");
    assertThat(config.modelRules().get("credit").version()).isNull();
    assertThat(config.modelRules().get("credit").featureNames()).containsExactly("age", "income");
    assertThat(config.modelRules().get("com.acme.fraud").version()).isEqualTo("3");
    assertThat(config.warnings())
        .singleElement()
        .asString()
        .contains("breakwater.model.credit.colour");
  }

  @Test
  void unknownKeys_areOneWarningWithTheNearestKey() throws IOException {
    properties.put("breakwater.endpiont", "x");
    environment.put("BREAKWATER_MODEL_NAM", "x");
    file("flush.outcome=1s", "breakwater.capture.max-feature=3");
    arguments = "debgu=true";

    assertThat(load().warnings())
        .singleElement()
        .asString()
        .contains("breakwater.endpiont (nearest: breakwater.endpoint)")
        .contains("BREAKWATER_MODEL_NAM (nearest: BREAKWATER_MODEL_NAME)")
        .contains("flush.outcome (nearest: breakwater.flush.outcome)")
        .contains("breakwater.capture.max-feature (nearest: breakwater.capture.max-features)")
        .contains("breakwater.debgu (nearest: breakwater.debug)");
  }

  @Test
  void keysOfLaterReleases_areKnownAndSaidToHaveNoEffect() {
    properties.put("breakwater.gpu", "on");
    properties.put("breakwater.enforce", "local");
    properties.put("breakwater.prometheus.port", "off");

    assertThat(load().warnings())
        .containsExactly("breakwater.gpu, breakwater.enforce have no effect yet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a=1,b", "authorization"})
  void malformedHeaders_areToldWithoutTheirText(String text) {
    environment.put("OTEL_EXPORTER_OTLP_HEADERS", "secret-" + text);

    assertThat(load().warnings()).singleElement().asString().doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b=secret", "a=secret%0d%0ab", "a=%zzsecret", "=secret"})
  void headersThatCannotBeSent_areToldWithoutTheirText(String text) {
    environment.put("OTEL_EXPORTER_OTLP_HEADERS", text);

    AgentConfig config = load();

    assertThat(config.warnings()).singleElement().asString().doesNotContain("secret", "zz");
    assertThat(config.endpoint().headers()).isEmpty();
  }

  @Test
  void tokenThatCannotBeSent_isToldWithoutItsText() throws IOException {
    environment.put("BREAKWATER_TOKEN", "two\nsecrets");
    assertThat(load().warnings()).singleElement().asString().doesNotContain("secrets");

    environment.clear();
    Path file = Files.writeString(folder.resolve("token"), "two\nsecrets\n");
    properties.put("breakwater.token.file", file.toString());
    AgentConfig config = load();

    assertThat(config.warnings()).singleElement().asString().doesNotContain("secrets");
    assertThat(config.endpoint().headers()).isEmpty();
  }

  @Test
  void addressesForPeople_holdNoSecrets() {
    properties.put("breakwater.endpoint", "https://me:secret@host:4318/base");
    assertThat(load().endpoint().address()).isEqualTo("https://host:4318/base/v1/metrics");

    properties.put("breakwater.endpoint", "htp://me:secret@host:4318");
    assertThat(load().warnings())
        .singleElement()
        .asString()
        .doesNotContain("secret")
        .contains("htp://***@host:4318");
  }

  @ParameterizedTest
  @ValueSource(strings = {"breakwater.config", "breakwater.token.file", "breakwater.features"})
  void filesWithoutAnEnd_areNotRead(String key) throws IOException {
    Path large = folder.resolve("large");
    Files.write(large, new byte[SmallFile.MOST_BYTES + 1]);
    properties.put(key, large.toString());
    assertThat(load().warnings()).singleElement().asString().contains(key, "large");
  }

  @ParameterizedTest
  @ValueSource(strings = {"breakwater.config", "breakwater.token.file"})
  void foldersAndDevices_areNotRead(String key) {
    for (String name : List.of("/dev/zero", "/dev/stdin", folder.toString())) {
      properties.put(key, name);
      assertThat(load().warnings()).singleElement().asString().contains(key, name);
    }
  }

  @Test
  void everyKey_hasItsOwnNames() {
    TreeSet<String> keys = new TreeSet<>();
    for (ConfigKey key : ConfigKey.values()) {
      assertThat(keys.add(key.key())).isTrue();
      assertThat(keys.add(key.environmentName())).isTrue();
      assertThat(ConfigKey.of(key.key())).isEqualTo(key);
      assertThat(ConfigKey.ofEnvironment(key.environmentName())).isEqualTo(key);
      assertThat(key.meaning()).isNotBlank();
    }
  }
}
