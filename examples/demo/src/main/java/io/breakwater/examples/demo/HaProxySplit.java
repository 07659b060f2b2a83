package io.breakwater.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A real HAProxy, moved through its runtime socket. */
final class HaProxySplit implements TrafficSplit {
  private static final List<Path> PLACES =
      List.of(Path.of("/usr/sbin/haproxy"), Path.of("/usr/local/sbin/haproxy"));

  private final ChildProcess process;
  private final Path socket;
  private final URI address;
  private final String version;

  private HaProxySplit(ChildProcess process, Path socket, URI address, String version) {
    this.process = process;
    this.socket = socket;
    this.address = address;
    this.version = version;
  }

  /**
   * Starts HAProxy with 80 % of the traffic on the stable version.
   *
   * @throws IOException when HAProxy is not installed, or does not start
   */
  static HaProxySplit start(Launcher launcher, URI stable, URI canary, Duration patience)
      throws IOException, InterruptedException {
    Path binary = binary();
    Path socket = launcher.folder().resolve("haproxy.sock");
    int port = Launcher.freePort();
    Path configuration = launcher.folder().resolve("haproxy.cfg");
    Files.writeString(configuration, configuration(socket, port, stable, canary));
    ChildProcess process =
        launcher.start(
            "haproxy",
            "",
            Map.of(),
            List.of(binary.toString(), "-db", "-f", configuration.toString()));
    awaitListening(process, port, patience);
    return new HaProxySplit(
        process, socket, URI.create("http://127.0.0.1:" + port), version(binary));
  }

  @Override
  public URI address() {
    return address;
  }

  @Override
  public String backendSection() {
    return "{type: haproxy, socket: \"unix:%s\", backend: scoring, servers: {\"%s\": v%s, \"%s\": v%s}}"
        .formatted(socket, Stack.STABLE, Stack.STABLE, Stack.CANARY, Stack.CANARY);
  }

  @Override
  public Map<String, String> collectorEnvironment() {
    return Map.of();
  }

  @Override
  public String description() {
    return version;
  }

  @Override
  public void close() {
    process.close();
  }

  private static String configuration(Path socket, int port, URI stable, URI canary) {
    return """
        global
          stats socket unix@%s mode 600 level admin
          maxconn 2000
        defaults
          mode http
          timeout connect 2s
          timeout client 60s
          timeout server 30s
        frontend clients
          bind 127.0.0.1:%d
          default_backend scoring
        backend scoring
          balance roundrobin
          http-reuse always
          http-response set-header %s %%[srv_name,regsub(^v,)]
          server v%s %s weight 80
          server v%s %s weight 20
        """
        .formatted(
            socket,
            port,
            Stack.VERSION_HEADER,
            Stack.STABLE,
            stable.getAuthority(),
            Stack.CANARY,
            canary.getAuthority());
  }

  private static Path binary() throws IOException {
    Stream<Path> onPath =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .map(folder -> Path.of(folder, "haproxy"));
    return Stream.concat(onPath, PLACES.stream())
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IOException(
                    "HAProxy is not installed (Debian and Ubuntu: apt-get install haproxy); "
                        + "--backend webhook needs none"));
  }

  private static String version(Path binary) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(binary.toString(), "-v").start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    String[] words = output.split("\\s+", -1);
    return words.length > 2 ? "HAProxy " + words[2] : "HAProxy";
  }

  private static void awaitListening(ChildProcess process, int port, Duration patience)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < deadline && process.alive()) {
      if (listens(port)) {
        return;
      }
      Thread.sleep(20);
    }
    throw new IOException("HAProxy did not start to listen" + process.lastLines());
  }

  private static boolean listens(int port) {
    try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return connection.isConnected();
    } catch (IOException e) {
      return false; // refused: not yet
    }
  }
}
