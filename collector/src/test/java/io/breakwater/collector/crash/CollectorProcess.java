package io.breakwater.collector.crash;

import io.breakwater.collector.Await;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A collector in a JVM of its own, on free ports of loopback. */
final class CollectorProcess implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile("collector ready: .*otlp-http=(\\S+) http=(\\S+)");

  private final Process process;
  private final Path log;
  private final String otlp;
  private final String http;

  private CollectorProcess(Process process, Path log, String otlp, String http) {
    this.process = process;
    this.log = log;
    this.otlp = otlp;
    this.http = http;
  }

  /** Starts one and waits until it is ready. */
  static CollectorProcess start(Path config, Path data, Path log) throws Exception {
    Path out = Path.of(log + ".out");
    Process process =
        process(config, data).redirectOutput(out.toFile()).redirectError(log.toFile()).start();
    try {
      Await.until("ready, or gone", () -> READY.matcher(read(out)).find() || !process.isAlive());
    } catch (AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
    Matcher ready = READY.matcher(read(out));
    if (!ready.find()) {
      throw new AssertionError("the collector did not start: " + read(log));
    }
    return new CollectorProcess(process, log, ready.group(1), ready.group(2));
  }

  private static ProcessBuilder process(Path config, Path data) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-Xshare:auto"));
    command.addAll(List.of("-cp", classPath(), "io.breakwater.collector.cli.Main", "collector"));
    command.addAll(List.of("--config", config.toString(), "--data", data.toString()));
    command.addAll(List.of("--otlp-grpc-port", "0", "--otlp-http-port", "0", "--http-port", "0"));
    return new ProcessBuilder(command);
  }

  private static String classPath() {
    String ofSurefire = System.getProperty("surefire.test.class.path");
    return ofSurefire == null ? System.getProperty("java.class.path") : ofSurefire;
  }

  static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  URI otlp(String path) {
    return URI.create("http://" + otlp + path);
  }

  URI http(String path) {
    return URI.create("http://" + http + path);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it said on stderr. */
  String said() {
    return read(log);
  }

  /** SIGKILL: it does nothing more. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM: it ends by itself. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      throw new AssertionError("does not stop: " + said());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
