package io.breakwater.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Starts the demo's processes and, closed, ends them all and removes their files. Safe for use by
 * many threads: the shutdown hook may close it while it is being filled.
 */
final class Launcher implements AutoCloseable {
  private final Path root;
  private final Path folder;
  private final Deque<ChildProcess> processes = new ArrayDeque<>();
  private boolean closed;

  /**
   * Makes a temporary folder for files and logs.
   *
   * @param root the project's folder
   */
  Launcher(Path root) throws IOException {
    this.root = root;
    this.folder =
        Files.createTempDirectory(
            "breakwater-demo-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** For files of the processes. */
  Path folder() {
    return folder;
  }

  /**
   * A build product.
   *
   * @throws IOException when it is not there
   */
  Path jar(String path) throws IOException {
    Path jar = root.resolve(path);
    if (!Files.isRegularFile(jar)) {
      throw new IOException(
          jar + " is not there (build it with ./demo, or: mvn -DskipTests package)");
    }
    return jar;
  }

  /** A secret nobody has seen before. */
  String newSecret() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** A port that was free a moment ago. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Starts a jar on the JVM that runs the demo. */
  ChildProcess java(
      String name,
      String readyPrefix,
      Map<String, String> environment,
      List<String> jvmOptions,
      Path jar,
      List<String> arguments)
      throws IOException {
    return start(name, readyPrefix, environment, command(jvmOptions, jar, arguments));
  }

  /** What a jar prints that ends by itself. */
  String output(List<String> jvmOptions, Path jar, List<String> arguments)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command(jvmOptions, jar, arguments)).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output;
  }

  /** Starts a program. */
  synchronized ChildProcess start(
      String name, String readyPrefix, Map<String, String> environment, List<String> command)
      throws IOException {
    if (closed) {
      throw new IOException("the demo is being ended");
    }
    ChildProcess process =
        new ChildProcess(name, folder.resolve(name + ".log"), readyPrefix, environment, command);
    processes.push(process);
    return process;
  }

  /** Processes that have ended although nobody asked them to. */
  synchronized List<ChildProcess> dead() {
    return processes.stream().filter(process -> !process.alive()).toList();
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    processes.forEach(ChildProcess::askToEnd);
    while (!processes.isEmpty()) {
      processes.pop().close();
    }
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static List<String> command(List<String> jvmOptions, Path jar, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.add("-jar");
    command.add(jar.toString());
    command.addAll(arguments);
    return command;
  }
}
