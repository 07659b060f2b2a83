package io.breakwater.backend.haproxy;

import io.breakwater.backend.kit.ContractTarget;
import io.breakwater.backend.kit.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A runtime API on TCP that answers in HAProxy's words, with the faults that a real one cannot be
 * given. Versions 1, 2, 3 run on servers s1, s2, s3.
 */
final class FakeHaproxy implements ContractTarget {
  private final ServerSocket server;
  private final Map<String, Integer> weights = new TreeMap<>();
  private final AtomicLong changes = new AtomicLong();
  private final List<Socket> held = new CopyOnWriteArrayList<>();
  final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread acceptor;
  private volatile Fault fault;

  /** Other answers than the true ones, by how the command begins. */
  volatile Map<String, String> canned = Map.of();

  FakeHaproxy(Map<String, Double> shares) throws IOException {
    shares.forEach((version, share) -> weights.put(version, (int) Math.round(share * 100)));
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    acceptor = start(this::acceptAll);
  }

  private static Thread start(Runnable work) {
    Thread thread = new Thread(work, "fake-haproxy");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    if (fault == Fault.SLOW) {
      held.add(socket);
      return;
    }
    try (socket) {
      String line =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      lines.add(String.valueOf(line));
      StringBuilder answer = new StringBuilder();
      for (String command : String.valueOf(line).split(";", -1)) {
        answer.append(answer(command)).append('\n');
      }
      socket.getOutputStream().write(answer.toString().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized String answer(String command) {
    for (Map.Entry<String, String> odd : canned.entrySet()) {
      if (command.startsWith(odd.getKey())) {
        return odd.getValue();
      }
    }
    if (command.startsWith("set server ")) {
      return set(command);
    }
    if (command.startsWith("show servers state ")) {
      return serversState();
    }
    if (command.startsWith("show stat ")) {
      return "# pxname,svname,act,bck,cookie,algo,\nscoring,BACKEND,2,0,,roundrobin,\n";
    }
    return command.equals("show info") ? "Name: HAProxy\nPid: 7\nStart_time_sec: 1795230960\n" : "";
  }

  private String set(String command) {
    changes.incrementAndGet();
    if (fault == Fault.REFUSING) {
      return "Permission denied\n";
    }
    if (fault != Fault.LYING) {
      String[] words = command.split("[ /]", -1);
      weights.put(words[3].substring(1), Integer.valueOf(words[5]));
    }
    return "";
  }

  private String serversState() {
    List<String> rows = new ArrayList<>();
    rows.add("1");
    rows.add(
        "# be_id be_name srv_id srv_name srv_op_state srv_admin_state srv_uweight srv_iweight"
            + " srv_agent_state");
    weights.forEach(
        (version, weight) ->
            rows.add("3 scoring %s s%s 2 0 %d 100 0".formatted(version, version, weight)));
    return String.join("\n", rows) + "\n";
  }

  @Override
  public Map<String, Object> settings() {
    Map<String, String> servers = new TreeMap<>();
    weights.keySet().forEach(version -> servers.put(version, "s" + version));
    return new HashMap<>(
        Map.of("type", "haproxy", "socket", name(), "backend", "scoring", "servers", servers));
  }

  @Override
  public String name() {
    return "tcp:127.0.0.1:" + server.getLocalPort();
  }

  @Override
  public synchronized Map<String, Double> shares() {
    double sum = weights.values().stream().mapToInt(Integer::intValue).sum();
    Map<String, Double> shares = new TreeMap<>();
    weights.forEach((version, weight) -> shares.put(version, weight / sum));
    return shares;
  }

  @Override
  public synchronized void write(Map<String, Double> shares) {
    shares.forEach((version, share) -> weights.put(version, (int) Math.round(share * 100)));
  }

  @Override
  public OptionalLong changes() {
    return OptionalLong.of(changes.get());
  }

  @Override
  public Set<Fault> faults() {
    return EnumSet.allOf(Fault.class);
  }

  @Override
  public void suffer(Fault suffered) throws IOException, InterruptedException {
    fault = suffered;
    if (suffered == Fault.GONE) {
      server.close();
      acceptor.join(); // until then the port may take one more connection
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : held) {
      socket.close();
    }
  }
}
