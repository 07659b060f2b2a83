package io.breakwater.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The real process: what it prints, how it takes signals, how it ends. */
class CollectorCommandTest {
  private static final String GOOD =
      "models: [{name: m, guardrails: [{signal: errors, max: 5%}]}]\n";
  private static final Pattern READY =
      Pattern.compile(
          "breakwater collector ready: otlp-grpc=127\\.0\\.0\\.1:\\d+ otlp-http=127\\.0\\.0\\.1:(?<otlp>\\d+)"
              + " http=127\\.0\\.0\\.1:(?<http>\\d+)");

  @TempDir Path folder;
  private Path file;
  private Process process;
  private int otlpPort;

  @BeforeEach
  void writeFile() throws IOException {
    file = Files.writeString(folder.resolve("b.yaml"), GOOD);
  }

  @AfterEach
  void kill() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void signals_reloadAndStop() throws Exception {
    int port = startAndGetPort();
    assertThat(get(port, "/-/ready")).isEqualTo("ready\n");
    assumeFalse(errors().contains("SIGHUP cannot be used here"), "SIGHUP is ignored here (nohup)");

    Files.writeString(file, GOOD + "modles: 1\n");
    signal("HUP");
    awaitError("b.yaml:2:1: modles: unknown key");
    awaitError("the one before stays in force");
    Files.writeString(file, GOOD + "# better\n");
    signal("HUP");
    awaitError("is in force, digest");

    signal("TERM");
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void nameThatASenderChose_writesNoLineOfItsOwn() throws Exception {
    Files.writeString(
        file,
        """
        models:
          - name: "*"
            mode: enforce
            guardrails: [{signal: errors, max: 5%}]
            backend: {type: haproxy, socket: "unix:SOCKET", backend: b, servers: {"1": a, "2": b}}
        """
            .replace("SOCKET", folder.resolve("none.sock").toString()));
    startAndGetPort();
    String forged =
        "2026-11-21T02:20:00.000Z INFO Collector - model credit: mode: enforce -> observe";
    String name = "m\\n" + forged + "\\r\\u001b[2K\\u202eabc\\u2028x";

    post(
        """
        {"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "ml.inference.duration", "unit": "s",
          "histogram": {"aggregationTemporality": 1, "dataPoints": [{"startTimeUnixNano": "1",
            "timeUnixNano": "2", "count": "1", "bucketCounts": ["1"], "attributes": [
              {"key": "ml.model.name", "value": {"stringValue": "NAME"}},
              {"key": "ml.model.version", "value": {"stringValue": "1"}}]}]}}]}]}]}
        """
            .replace("NAME", name));

    awaitError("cannot be read: ");
    assertThat(errors().lines().filter(line -> line.contains(forged)))
        .isNotEmpty()
        .allMatch(line -> line.contains("The target of model m?" + forged + "??[2K?abc?x cannot"));
  }

  @Test
  void takenPort_isNamedInOneLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      start(
          "--otlp-grpc-port",
          "0",
          "--otlp-http-port",
          "0",
          "--http-port",
          String.valueOf(taken.getLocalPort()));

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(2);
      assertThat(errors().lines().filter(line -> line.contains(":" + taken.getLocalPort())))
          .singleElement()
          .asString()
          .contains("cannot listen on 127.0.0.1:")
          .contains("--http-port");
    }
  }

  @Test
  void badFile_isStatus2WithEveryMistake() throws Exception {
    Files.writeString(file, "modles: 1\n");

    Run run = Run.of("collector", "--config", file.toString(), "--data", folder.toString());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("b.yaml:1:1: modles").contains("models: missing", "2 errors");
  }

  @Test
  void hostBeyondLoopback_needsTokens() {
    Run run =
        Run.of(
            "collector",
            "--config",
            file.toString(),
            "--data",
            folder.toString(),
            "--host",
            "0.0.0.0");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("--host: 0.0.0.0: reachable from other machines without a token");
  }

  @Test
  void flags_areThoseOfTheDocumentation() throws Exception {
    String docs = Files.readString(Path.of("../docs/configuration.md"));
    int start = docs.indexOf("### Collector flags");
    Matcher rows =
        Pattern.compile("(?m)^\\| `(--[a-z-]+)` \\|")
            .matcher(docs.substring(start, docs.indexOf("\n#", start + 1)));
    Set<String> documented = new TreeSet<>();
    while (rows.find()) {
      documented.add(rows.group(1));
    }

    Set<String> known = new TreeSet<>();
    new CommandLine(CollectorCommand.class)
        .getCommandSpec()
        .options()
        .forEach(option -> known.add(option.longestName()));
    known.removeAll(Set.of("--help", "--version"));
    assertThat(documented).isEqualTo(known);
  }

  private int startAndGetPort() throws IOException {
    start("--otlp-grpc-port", "0", "--otlp-http-port", "0", "--http-port", "0");
    BufferedReader out = process.inputReader();
    String line = out.readLine();
    Matcher ready = READY.matcher(String.valueOf(line));
    assertThat(ready.matches()).as("%s%n%s", line, errors()).isTrue();
    otlpPort = Integer.parseInt(ready.group("otlp"));
    return Integer.parseInt(ready.group("http"));
  }

  private void start(String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "collector",
                "--config",
                file.toString(),
                "--data",
                folder.resolve("data").toString()));
    command.addAll(List.of(more));
    process = new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
  }

  private void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  private void awaitError(String text) throws Exception {
    Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
    while (!errors().contains(text)) {
      assertThat(Instant.now()).as("waiting for %s in%n%s", text, errors()).isBefore(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private String errors() throws IOException {
    return Files.readString(folder.resolve("err"));
  }

  private void post(String json) throws Exception {
    int status =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + otlpPort + "/v1/metrics"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(json))
                    .build(),
                BodyHandlers.discarding())
            .statusCode();
    assertThat(status).isEqualTo(200);
  }

  private static String get(int port, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            BodyHandlers.ofString())
        .body();
  }
}
