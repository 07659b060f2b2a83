package io.breakwater.examples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything the demo runs: two scoring servers, a traffic split, a collector, an alert receiver.
 */
final class Stack implements AutoCloseable {
  static final String MODEL = "california-housing";
  static final String STABLE = "1";
  static final String CANARY = "2";

  /** The header by which an answer says which version made it. */
  static final String VERSION_HEADER = "X-Model-Version";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SCORING_SERVER = "examples/scoring-server/target/scoring-server.jar";

  /** What is normal: version 1's training rows with its scores. The README says how it is made. */
  private static final String REFERENCE = "california-housing-reference.json";

  private static final String ALERT_SECRET_VARIABLE = "DEMO_ALERT_SECRET";
  private static final Pattern HTTP = Pattern.compile("(?<![-\\w])http=(\\S+)");

  private final Launcher launcher;
  private final AlertReceiver alerts;
  private final TrafficSplit split;
  private final CanaryBuild build;
  private final URI canaryAddress;
  private final ChildProcess collectorProcess;
  private final CollectorApi collector;

  private Stack(
      Launcher launcher,
      AlertReceiver alerts,
      TrafficSplit split,
      CanaryBuild build,
      URI canaryAddress,
      ChildProcess collectorProcess,
      CollectorApi collector) {
    this.launcher = launcher;
    this.alerts = alerts;
    this.split = split;
    this.build = build;
    this.canaryAddress = canaryAddress;
    this.collectorProcess = collectorProcess;
    this.collector = collector;
  }

  /**
   * Starts everything and waits until it is ready.
   *
   * @param launcher owns the processes, also when starting fails half-way
   */
  static Stack start(Launcher launcher, Scenario scenario, String backend)
      throws IOException, InterruptedException {
    int otlpPort = Launcher.freePort();
    CanaryBuild build =
        new CanaryBuild(launcher.jar(SCORING_SERVER), launcher.folder().resolve("canary.onnx"));
    build.put(scenario.model(CANARY));
    ChildProcess stable =
        scoringServer(launcher, STABLE, otlpPort, "--bundled", scenario.model(STABLE));
    ChildProcess canary =
        scoringServer(
            launcher,
            CANARY,
            otlpPort,
            "--model",
            build.file().toString(),
            "--schema",
            scenario.canarySchema());
    URI stableAddress = httpAddress(stable.awaitReady(PATIENCE));
    URI canaryAddress = httpAddress(canary.awaitReady(PATIENCE));
    TrafficSplit split =
        backend.equals("haproxy")
            ? HaProxySplit.start(launcher, stableAddress, canaryAddress, PATIENCE)
            : RouterSplit.start(launcher, stableAddress, canaryAddress, PATIENCE);
    String alertSecret = launcher.newSecret();
    AlertReceiver alerts = new AlertReceiver(alertSecret);
    Path config = launcher.folder().resolve("breakwater.yaml");
    Files.writeString(config, guardrailFile(split, alerts));
    copyReference(launcher.folder());
    Map<String, String> environment = new HashMap<>(split.collectorEnvironment());
    environment.put(ALERT_SECRET_VARIABLE, alertSecret);
    ChildProcess collector =
        launcher.java(
            "collector",
            "breakwater collector ready:",
            environment,
            List.of("-Xmx96m", "-XX:+UseSerialGC"),
            launcher.jar("collector/target/breakwater.jar"),
            List.of(
                "collector",
                "--config",
                config.toString(),
                "--data",
                launcher.folder().resolve("data").toString(),
                "--otlp-grpc-port",
                "0",
                "--otlp-http-port",
                Integer.toString(otlpPort),
                "--http-port",
                "0"));
    URI api = httpAddress(collector.awaitReady(PATIENCE));
    return new Stack(
        launcher, alerts, split, build, canaryAddress, collector, new CollectorApi(api));
  }

  /** The guardrail file of the demo: what a user would write, on this run's ports. */
  static String guardrailFile(TrafficSplit split, AlertReceiver alerts) {
    return """
        models:
          - name: %s
            stable: "%s"
            mode: enforce
            reference: {file: %s}
            guardrails:
              - {signal: errors, against: stable, alpha: 1e-4}
              - {signal: errors, max: 5%%}
              - {signal: duration, slower-than: p90, against: stable}
              - {signal: score, drift: native, tolerance: 0.03}
              - {signal: "feature:*", drift: native, tolerance: 0.05, then: alert}
            warmup: {calls: 200, time: 20s}
            breaker: {cooldown: 10m}
            backend: %s
            alert: [people]
        alerts:
          - {name: people, webhook: "%s", secret: "${env:%s}"}
        """
        .formatted(
            MODEL,
            STABLE,
            REFERENCE,
            split.backendSection(),
            alerts.address(),
            ALERT_SECRET_VARIABLE);
  }

  /** Puts another build in the place of the canary's model and lets its server load it. */
  void loadIntoCanary(String name) throws IOException, InterruptedException {
    build.put(name);
    build.load(canaryAddress);
  }

  CollectorApi collector() {
    return collector;
  }

  AlertReceiver alerts() {
    return alerts;
  }

  /** What moves traffic, in words. */
  String splitDescription() {
    return split.description();
  }

  /** Where clients send their predictions. */
  URI inferAddress() {
    return split.address().resolve("/v2/models/" + MODEL + "/infer");
  }

  /** Largest resident size of the collector so far in MiB, or -1 where the system does not say. */
  long collectorPeakMebibytes() {
    Path status = Path.of("/proc", Long.toString(collectorProcess.pid()), "status");
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(-1);
    } catch (IOException | UncheckedIOException e) {
      return -1; // not a Linux system
    }
  }

  /**
   * Makes sure that nothing has died.
   *
   * @throws IOException names what has, with its last output
   */
  void requireAlive() throws IOException {
    for (ChildProcess process : launcher.dead()) {
      throw new IOException(process.name() + " has ended" + process.lastLines());
    }
  }

  /** The page on which the collector explains a decision, as its command line prints it. */
  String explain(String decision) throws IOException, InterruptedException {
    return launcher.output(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        launcher.jar("collector/target/breakwater.jar"),
        List.of("decisions", decision, "--url", collector.base().toString()));
  }

  @Override
  public void close() {
    alerts.close();
  }

  private static void copyReference(Path folder) throws IOException {
    try (InputStream reference = Stack.class.getResourceAsStream(REFERENCE)) {
      if (reference == null) {
        throw new IOException(REFERENCE + " is not on the class path beside " + Stack.class);
      }
      Files.copy(reference, folder.resolve(REFERENCE));
    }
  }

  private static ChildProcess scoringServer(
      Launcher launcher, String version, int otlpPort, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("--port", "0"));
    Path agent = launcher.jar("agent/dist/target/breakwater-agent.jar");
    return launcher.java(
        "scoring-server-" + version,
        "scoring-server ready:",
        Map.of(),
        List.of(
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-javaagent:" + agent,
            "-Dbreakwater.endpoint=http://127.0.0.1:" + otlpPort),
        launcher.jar(SCORING_SERVER),
        arguments);
  }

  private static URI httpAddress(String readyLine) throws IOException {
    Matcher http = HTTP.matcher(readyLine);
    if (!http.find()) {
      throw new IOException("a ready line without http=: " + readyLine);
    }
    return URI.create("http://" + http.group(1));
  }
}
