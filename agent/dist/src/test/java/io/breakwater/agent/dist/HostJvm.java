package io.breakwater.agent.dist;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A JVM of its own, with or without the agent. */
final class HostJvm {
  /** The jar under test. */
  static final Path AGENT = Path.of(System.getProperty("breakwater.agent.jar"));

  /** No file may grow, so none can be written; hence a read-only file system for any user. */
  private static final List<String> WITHOUT_FILES =
      List.of("/bin/sh", "-c", "ulimit -f 0; exec \"$@\"", "sh");

  private final Jdk jdk;
  private final List<String> options = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();
  private String classPath = classPath();
  private boolean withoutFiles;
  private long deadlineSeconds = 240;

  private HostJvm(Jdk jdk) {
    this.jdk = jdk;
  }

  static HostJvm on(Jdk jdk) {
    return new HostJvm(jdk);
  }

  HostJvm withAgent() {
    return with("-javaagent:" + AGENT);
  }

  HostJvm withAgent(Receiver receiver) {
    return withAgent().with("-Dbreakwater.endpoint=" + receiver.url());
  }

  HostJvm with(String... more) {
    options.addAll(Arrays.asList(more));
    return this;
  }

  /** Its JVM cannot write any file. */
  HostJvm withoutFiles() {
    withoutFiles = true;
    return this;
  }

  /** It has to end within so many seconds; 240 where nothing is said, for busy machines. */
  HostJvm within(long seconds) {
    deadlineSeconds = seconds;
    return this;
  }

  /** All libraries of the tests are on its class path, and nothing of the agent. */
  HostJvm withLibraries() {
    classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> entry.replace('\\', '/'))
            .filter(entry -> !entry.matches(".*/agent/(core|bootstrap|instrumentation)/.*"))
            .filter(entry -> !entry.contains("/agent/dist/target/classes"))
            .filter(entry -> !entry.contains("breakwater-agent-"))
            .filter(entry -> !entry.matches(".*/opentelemetry-(sdk|exporter|api)[^/]*"))
            .collect(Collectors.joining(File.pathSeparator));
    return this;
  }

  HostJvm withVariable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Runs a class from the class path that holds the tests, the API and ONNX Runtime. */
  Result run(Class<?> main, Object... arguments) throws IOException, InterruptedException {
    with("-cp", classPath, main.getName());
    return start(arguments);
  }

  /** Runs with the options as they are. */
  Result start(Object... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(withoutFiles ? WITHOUT_FILES : List.of());
    command.add(jdk.java().toString());
    command.addAll(options);
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.matches("(OTEL|BREAKWATER|JAVA_TOOL)_.*"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      CompletableFuture<List<String>> out = lines(process.getInputStream());
      CompletableFuture<List<String>> err = lines(process.getErrorStream());
      if (!process.waitFor(deadlineSeconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("not ended in time: " + command + "\n" + err.join());
      }
      return new Result(process.exitValue(), out.join(), err.join());
    } finally {
      process.destroyForcibly();
    }
  }

  /** Runs a class from the class path of the tests, without the agent's own modules. */
  Result runWithLibraries(Class<?> main, Object... arguments)
      throws IOException, InterruptedException {
    String libraries =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.matches(".*[/\\\\]agent[/\\\\].*") || isTests(entry))
            .collect(Collectors.joining(File.pathSeparator));
    with("-cp", libraries, main.getName());
    return start(arguments);
  }

  private static boolean isTests(String entry) {
    return locationOf(HostJvm.class).equals(Path.of(entry));
  }

  static String classPath() {
    return List.of(
            HostJvm.class, io.breakwater.api.Breakwater.class, ai.onnxruntime.OrtSession.class)
        .stream()
        .map(type -> locationOf(type).toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  static Path locationOf(Class<?> type) {
    return Path.of(
        java.net.URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  private static CompletableFuture<List<String>> lines(InputStream stream) {
    CompletableFuture<List<String>> lines = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try (InputStream in = stream) {
                lines.complete(
                    new String(in.readAllBytes(), UTF_8).lines().collect(Collectors.toList()));
              } catch (IOException e) {
                lines.completeExceptionally(e);
              }
            });
    reader.setDaemon(true);
    reader.start();
    return lines;
  }

  /** How it ended and what it said. */
  static final class Result {
    final int exitCode;
    final List<String> out;
    final List<String> err;

    private Result(int exitCode, List<String> out, List<String> err) {
      this.exitCode = exitCode;
      this.out = out;
      this.err = err;
    }

    /** What the agent said. */
    List<String> agentLines() {
      return err.stream()
          .filter(line -> line.startsWith("breakwater: "))
          .collect(Collectors.toList());
    }

    /** What it and its JVM said on stderr. */
    List<String> ownErr() {
      return err.stream()
          .filter(line -> !line.startsWith("breakwater: "))
          .collect(Collectors.toList());
    }
  }
}
