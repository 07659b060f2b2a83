package io.breakwater.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets that are easy to recognise, and everything that a process puts out while it has them. */
class SecretsTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Map<String, String> CANARIES =
      new TreeMap<>(
          Map.of(
              "CANARY_OPERATE", "canary-operate-5f1c",
              "CANARY_EMIT", "canary-emit-9a31",
              "CANARY_HOOK", "canary-hook-secret-77aa",
              "CANARY_HOOK_PATH", "canary-hook-path-0b2e",
              "CANARY_PATH", "canary-backend-path-c3d4",
              "CANARY_BACKEND", "canary-backend-token-e5f6"));
  private static final String FILE_CANARY = "canary-from-file-1d2e";
  private static final String PLAIN_CANARY = "canary-plain-in-yaml-3f4a";

  private static final String GOOD =
      """
      models:
        - name: credit
          stable: "1"
          mode: enforce
          guardrails: [{signal: errors, against: stable}]
          breaker: {verify-within: 1s}
          backend: {type: webhook, url: "http://127.0.0.1:1/${env:CANARY_PATH}", token: "${env:CANARY_BACKEND}", secret: canary-plain-in-yaml-3f4a}
          alert: [ops]
      alerts:
        - {name: ops, webhook: "http://127.0.0.1:1/${env:CANARY_HOOK_PATH}", secret: "${env:CANARY_HOOK}"}
      listen: {otlp-grpc-port: 0, otlp-http-port: 0, http-port: 0}
      auth:
        tokens:
          - {name: ann, role: operate, secret: "${env:CANARY_OPERATE}"}
          - {name: agents, role: emit, secret: "${env:CANARY_EMIT}"}
          - {name: board, role: read, secret: "${file:FOLDER/secret}"}
      """;

  /** Every value that can go wrong does, with a secret in it. */
  private static final String BAD =
      """
      models:
        - name: credit
          mode: "${env:CANARY_OPERATE}"
          guardrails: [{signal: "${env:CANARY_OPERATE}", max: "${env:CANARY_HOOK}"}]
          backend: {type: webhook, url: "not an address ${env:CANARY_PATH}", token: "with blank ${env:CANARY_BACKEND}"}
        - name: other
          guardrails: [{signal: errors, max: 5%}]
          backend: {type: haproxy, socket: "tcp:${env:CANARY_PATH}", backend: "${file:FOLDER/secret} x", servers: {"1": a, "2": b}}
          alert: ["${env:CANARY_HOOK}"]
          reference: {file: "${env:CANARY_PATH}"}
      alerts:
        - {name: ops, webhook: "${env:CANARY_HOOK_PATH}", secret: "${env:CANARY_HOOK}"}
      listen: {host: "${env:CANARY_PATH}", http-port: "${env:CANARY_HOOK}"}
      tls: {certificate: "${env:CANARY_PATH}", key: "${file:FOLDER/secret}"}
      outgoing: {allow: ["${env:CANARY_PATH}"]}
      auth: {tokens: [{name: "${env:CANARY_OPERATE}", role: "${env:CANARY_EMIT}", secret: "${file:FOLDER/secret} blank"}]}
      """;

  @TempDir Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final StringBuilder seen = new StringBuilder();
  private Path file;

  @AfterEach
  void kill() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void nothingThatIsPutOut_holdsASecret() throws Exception {
    Files.writeString(folder.resolve("secret"), FILE_CANARY + "\n");
    file = write(GOOD);
    Process collector = start("err", "collector", "--config", file.toString(), "--data", data());
    int[] ports = ports(collector.inputReader());

    makeItTripAndFail(ports);
    askForEverything(ports[1]);
    write(BAD);
    keep(post(ports[1], "/api/v1/config/reload", "", "canary-operate-5f1c"));
    String validated = validate();
    write(GOOD);
    keep(validate("--connect"));
    collector.destroy();
    assertThat(collector.waitFor(30, TimeUnit.SECONDS)).isTrue();
    keep(Files.readString(folder.resolve("err")));

    assertThat(validated).contains("13 errors").contains("${env:CANARY_PATH}");
    assertThat(seen.toString())
        .contains("127.0.0.1:1/${env:CANARY_PATH}: cannot connect")
        .contains("no known token", "Alert target ops cannot be told");
    assertNoCanary(seen.toString());
    try (Stream<Path> files = Files.walk(Path.of(data()))) {
      for (Path one : files.filter(Files::isRegularFile).toList()) {
        assertNoCanary(new String(Files.readAllBytes(one), StandardCharsets.ISO_8859_1));
      }
    }
  }

  private static void assertNoCanary(String text) {
    List<String> secrets = new ArrayList<>(CANARIES.values());
    secrets.addAll(List.of(FILE_CANARY, PLAIN_CANARY));
    for (String secret : secrets) {
      int at = text.indexOf(secret);
      assertThat(at)
          .as(
              "%s in ...%s",
              secret,
              at < 0 ? "" : text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 60)))
          .isNegative();
    }
  }

  private void makeItTripAndFail(int[] ports) throws Exception {
    long end = System.currentTimeMillis() * 1_000_000L;
    byte[] calls =
        OtlpRequests.from("i")
            .calls("credit", "1", null, 50, end - 1, end)
            .calls("credit", "2", null, 50, end - 1, end)
            .bytes();
    HttpRequest emit =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports[0] + "/v1/metrics"))
            .header("Content-Type", "application/x-protobuf")
            .header("Authorization", "Bearer canary-emit-9a31")
            .POST(BodyPublishers.ofByteArray(calls))
            .build();
    keep(HTTP.send(emit, BodyHandlers.ofString()));
    Await.until(
        "the order is taken",
        () -> {
          HttpResponse<String> answer =
              post(
                  ports[1],
                  "/api/v1/breakers/credit/2/trip",
                  "{\"reason\":\"looks odd\",\"by\":\"ann\"}",
                  "canary-operate-5f1c");
          keep(answer);
          return answer.statusCode() == 200;
        });
    Await.until(
        "the action failed",
        () -> {
          HttpResponse<String> answer = get(ports[1], "/api/v1/decisions", FILE_CANARY);
          keep(answer);
          return answer.body().contains("\"FAILED\"");
        });
  }

  private void askForEverything(int port) throws Exception {
    for (String path :
        List.of(
            "/",
            "/page.js",
            "/metrics",
            "/-/ready",
            "/api/v1/models",
            "/api/v1/breakers",
            "/api/v1/decisions?limit=1000",
            "/api/v1/models/credit/versions/2/signals",
            "/api/v1/models/credit/versions/2/signals/errors",
            "/api/v1/nothing")) {
      keep(get(port, path, "canary-operate-5f1c"));
      keep(get(port, path, "canary-emit-9a31"));
      keep(get(port, path, "nobody"));
    }
    HttpRequest events = request(port, "/api/v1/events", FILE_CANARY).build();
    try (InputStream in = HTTP.send(events, BodyHandlers.ofInputStream()).body()) {
      byte[] begin = new byte[2000];
      int length = in.read(begin);
      seen.append(new String(begin, 0, Math.max(0, length), StandardCharsets.UTF_8));
    }
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("b.yaml"), yaml.replace("FOLDER", folder.toString()));
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private String validate(String... more) throws Exception {
    List<String> command = new ArrayList<>(List.of("validate", file.toString()));
    command.addAll(List.of(more));
    Process process = start("validate-err", command.toArray(String[]::new));
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String all = out + Files.readString(folder.resolve("validate-err"));
    keep(all);
    return all;
  }

  private Process start(String err, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.breakwater.collector.cli.Main"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(CANARIES);
    Process process = builder.redirectError(folder.resolve(err).toFile()).start();
    processes.add(process);
    return process;
  }

  private int[] ports(BufferedReader out) throws IOException {
    String line = String.valueOf(out.readLine());
    keep(line);
    Matcher ready = Pattern.compile(".* otlp-http=.*?:(\\d+) http=.*?:(\\d+)").matcher(line);
    assertThat(ready.matches())
        .as("%s%n%s", line, Files.readString(folder.resolve("err")))
        .isTrue();
    return new int[] {Integer.parseInt(ready.group(1)), Integer.parseInt(ready.group(2))};
  }

  private void keep(String text) {
    seen.append(text).append('\n');
  }

  private void keep(HttpResponse<String> answer) {
    keep(answer.headers() + "\n" + answer.body());
  }

  private static HttpRequest.Builder request(int port, String path, String token) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("Authorization", "Bearer " + token);
  }

  private static HttpResponse<String> get(int port, String path, String token) {
    return send(request(port, path, token));
  }

  private static HttpResponse<String> post(int port, String path, String body, String token) {
    return send(
        request(port, path, token)
            .header("X-Breakwater-Request", "1")
            .POST(BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
