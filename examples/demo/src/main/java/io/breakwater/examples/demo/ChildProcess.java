package io.breakwater.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process of the demo: its output goes to a file, and it never outlives the demo. */
final class ChildProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int LAST_LINES = 15;

  private final String name;
  private final Process process;
  private final Path log;
  private final String readyPrefix;
  private final CompletableFuture<String> ready = new CompletableFuture<>();

  /**
   * Starts a process.
   *
   * @param log gets the process's output
   * @param readyPrefix how the line starts that it prints once it is ready
   */
  ChildProcess(
      String name,
      Path log,
      String readyPrefix,
      Map<String, String> environment,
      List<String> command)
      throws IOException {
    this.name = name;
    this.log = log;
    this.readyPrefix = readyPrefix;
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // What the caller's shell says about other agents and collectors is not for these.
    builder
        .environment()
        .keySet()
        .removeIf(key -> key.startsWith("OTEL_") || key.startsWith("BREAKWATER_"));
    builder.environment().putAll(environment);
    this.process = builder.start();
    Thread reader = new Thread(this::readOutput, "demo-output-" + name);
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * The rest of the ready line.
   *
   * @throws IOException when the process ends or the time is over before it is ready
   */
  String awaitReady(Duration timeout) throws IOException, InterruptedException {
    try {
      return ready.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          name + " was not ready within " + timeout.toSeconds() + " s" + lastLines(), e);
    } catch (ExecutionException e) {
      throw new IOException(name + " ended before it was ready" + lastLines(), e);
    }
  }

  /** The process's id. */
  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  String name() {
    return name;
  }

  /** The last lines of its output, for messages. */
  String lastLines() {
    try {
      List<String> lines = Files.readAllLines(log, UTF_8);
      return ":\n    "
          + String.join(
              "\n    ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException e) {
      return " (" + log + " cannot be read: " + e.getMessage() + ")";
    }
  }

  /** Asks it to end and does not wait. */
  void askToEnd() {
    process.destroy();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void readOutput() {
    try (BufferedReader output =
            new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        PrintStream copy = new PrintStream(Files.newOutputStream(log), true, UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        copy.println(line);
        if (line.startsWith(readyPrefix)) {
          ready.complete(line.substring(readyPrefix.length()).trim());
        }
      }
      ready.completeExceptionally(new IOException("end of output"));
    } catch (IOException | UncheckedIOException e) {
      ready.completeExceptionally(e); // a closed stream: the process is gone
    }
  }
}
