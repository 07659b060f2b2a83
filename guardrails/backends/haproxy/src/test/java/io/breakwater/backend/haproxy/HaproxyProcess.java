package io.breakwater.backend.haproxy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.breakwater.backend.kit.ContractTarget;
import io.breakwater.backend.kit.Fault;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real HAProxy, started as an ordinary process in a folder of its own. Versions 1, 2, 3 run on
 * servers blue, green, red of backend {@code scoring}.
 */
final class HaproxyProcess implements ContractTarget {
  private static final Map<String, String> SERVERS = Map.of("1", "blue", "2", "green", "3", "red");

  private final Path folder;
  private final Map<String, String> servers = new TreeMap<>();
  private final String configuration;
  private Process process;

  private HaproxyProcess(Path folder, String configuration) {
    this.folder = folder;
    this.configuration = configuration;
  }

  /** Skips the calling test where there is no HAProxy. */
  private static void assumeInstalled() {
    assumeTrue(executable().isPresent(), "HAProxy not found on PATH: skipped");
  }

  private static Optional<Path> executable() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of((path + File.pathSeparator + "/usr/sbin").split(File.pathSeparator))
        .map(folder -> Path.of(folder, "haproxy"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Versions with these shares as weights of 0 to 100 on servers that nobody listens behind. */
  static HaproxyProcess withShares(Map<String, Double> shares) throws IOException {
    StringBuilder lines = new StringBuilder("    balance roundrobin\n");
    new TreeMap<>(shares)
        .forEach(
            (version, share) ->
                lines.append(
                    "    server %s 127.0.0.1:9 weight %d\n"
                        .formatted(SERVERS.get(version), Math.round(share * 100))));
    HaproxyProcess haproxy = of("level admin", lines.toString());
    new TreeMap<>(shares)
        .forEach((version, share) -> haproxy.servers.put(version, SERVERS.get(version)));
    haproxy.start();
    return haproxy;
  }

  /** Any backend section; versions 1 and 2 are on blue and green. */
  static HaproxyProcess with(String level, String backendLines) throws IOException {
    return with(level, backendLines, Map.of("1", "blue", "2", "green"));
  }

  /** Any backend section, with the servers of each version. */
  static HaproxyProcess with(String level, String backendLines, Map<String, String> servers)
      throws IOException {
    HaproxyProcess haproxy = of(level, backendLines);
    haproxy.servers.putAll(servers);
    haproxy.start();
    return haproxy;
  }

  /** A configuration as documented, with this process's own socket and ports in it. */
  static HaproxyProcess documented(String text, int blue, int green) throws IOException {
    assumeInstalled();
    Path folder = Files.createTempDirectory("haproxy");
    HaproxyProcess haproxy =
        new HaproxyProcess(
            folder,
            text.replace("/run/haproxy/admin.sock", folder.resolve("admin.sock").toString())
                .replace("127.0.0.1:8000", "127.0.0.1:" + freePort())
                .replace("127.0.0.1:8081", "127.0.0.1:" + blue)
                .replace("127.0.0.1:8082", "127.0.0.1:" + green));
    haproxy.servers.putAll(Map.of("1", "blue", "2", "green"));
    haproxy.start();
    return haproxy;
  }

  private static HaproxyProcess of(String level, String backendLines) throws IOException {
    assumeInstalled();
    Path folder = Files.createTempDirectory("haproxy");
    String configuration =
        """
        global
            stats socket %s mode 600 %s
            stats timeout 10s
            nbthread 2
        defaults
            mode http
            timeout connect 1s
            timeout client 30s
            timeout server 30s
        frontend in
            bind 127.0.0.1:%d
            default_backend scoring
        backend scoring
        %s
        """
            .formatted(folder.resolve("admin.sock"), level, freePort(), backendLines);
    return new HaproxyProcess(folder, configuration);
  }

  /** Starts the process, or a new one after {@link #stop}, and waits until it answers. */
  void start() throws IOException {
    Path file = Files.writeString(folder.resolve("haproxy.cfg"), configuration);
    process =
        new ProcessBuilder(executable().orElseThrow().toString(), "-db", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("haproxy.log").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IOException(
            "HAProxy did not start: " + Files.readString(folder.resolve("haproxy.log")));
      }
      Thread.onSpinWait();
    }
  }

  private boolean answers() {
    try {
      return ask("show info").contains("Pid: " + process.pid());
    } catch (IOException e) {
      return false;
    }
  }

  void stop() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    Files.deleteIfExists(folder.resolve("admin.sock"));
  }

  /** One round trip on the runtime socket, without the code under test. */
  String ask(String commands) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(folder.resolve("admin.sock")));
      channel.write(ByteBuffer.wrap((commands + "\n").getBytes(StandardCharsets.US_ASCII)));
      StringBuilder answer = new StringBuilder();
      ByteBuffer part = ByteBuffer.allocate(64 * 1024);
      while (channel.read(part) >= 0) {
        answer.append(StandardCharsets.US_ASCII.decode(part.flip()));
        part.clear();
      }
      return answer.toString();
    }
  }

  int port() {
    return Integer.parseInt(configuration.replaceAll("(?s).*bind 127.0.0.1:(\\d+).*", "$1"));
  }

  /** The weight as {@code get weight} tells it. */
  int weight(String server) throws IOException {
    return Integer.parseInt(ask("get weight scoring/" + server).strip().split(" ", 2)[0]);
  }

  @Override
  public Map<String, Object> settings() {
    return new HashMap<>(
        Map.of("type", "haproxy", "socket", name(), "backend", "scoring", "servers", servers));
  }

  @Override
  public String name() {
    return "unix:" + folder.resolve("admin.sock");
  }

  @Override
  public Map<String, Double> shares() throws IOException {
    Map<String, Double> shares = new TreeMap<>();
    double sum = 0;
    for (String server : servers.values()) {
      sum += weight(server);
    }
    for (Map.Entry<String, String> server : servers.entrySet()) {
      shares.put(server.getKey(), weight(server.getValue()) / sum);
    }
    return shares;
  }

  @Override
  public void write(Map<String, Double> shares) throws IOException {
    for (Map.Entry<String, Double> share : shares.entrySet()) {
      String server = "scoring/" + servers.get(share.getKey());
      ask("set server " + server + " weight " + Math.round(share.getValue() * 100));
    }
  }

  @Override
  public Set<Fault> faults() {
    return Set.of(Fault.SLOW, Fault.GONE);
  }

  @Override
  public void suffer(Fault fault) throws IOException {
    if (fault == Fault.GONE) {
      stop();
    } else {
      signal("-STOP");
    }
  }

  private void signal(String signal) throws IOException {
    try {
      new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    stop();
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
