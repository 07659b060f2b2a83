package io.breakwater.backend.haproxy;

import io.breakwater.engine.backend.BackendException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads the backend's servers and checks that the settings fit them. */
final class PoolReader {
  private final HaproxySettings settings;
  private final RuntimeSocket socket;
  private final Incarnation incarnation = new Incarnation();

  PoolReader(HaproxySettings settings, RuntimeSocket socket) {
    this.settings = settings;
    this.socket = socket;
  }

  Pool read(Deadline deadline) throws BackendException {
    String backend = settings.backend();
    String answer =
        socket.ask(
            List.of(
                "show servers state " + backend,
                "show stat " + backend + " 6 -1",
                "show info",
                "show cli level"),
            deadline);
    List<Map<String, String>> stats = Answers.statRows(answer, backend);
    List<Server> servers = servers(answer, stats);
    if (servers.isEmpty()) {
      throw unknownBackend(answer, deadline);
    }
    requireFitting(servers);
    servers.removeIf(server -> !settings.versions().containsKey(server.name()));
    String process = incarnation.of(answer);
    if (process == null) {
      throw socket.failure("'show info' tells no Pid (expected: a runtime socket of HAProxy 2.0+)");
    }
    return new Pool(
        servers,
        settings.versions(),
        process,
        ofBackend(stats, "algo"),
        ofBackend(stats, "cookie"),
        Answers.level(answer));
  }

  private List<Server> servers(String answer, List<Map<String, String>> stats)
      throws BackendException {
    Set<String> backups = new HashSet<>();
    for (Map<String, String> row : stats) {
      if ("1".equals(row.get("bck")) && "0".equals(row.get("act"))) {
        backups.add(row.getOrDefault("svname", ""));
      }
    }
    List<Server> servers = new ArrayList<>();
    try {
      for (Map<String, String> row : Answers.serverRows(answer, settings.backend())) {
        Server server = Answers.server(row);
        servers.add(backups.contains(server.name()) ? server.withBackup() : server);
      }
    } catch (IllegalArgumentException e) {
      throw new BackendException(
          "HAProxy at " + settings.socket() + " answers what cannot be read: " + e.getMessage(), e);
    }
    servers.sort(Comparator.comparing(Server::name));
    return servers;
  }

  private void requireFitting(List<Server> servers) throws BackendException {
    Set<String> there = new TreeSet<>();
    servers.forEach(server -> there.add(server.name()));
    for (String name : settings.versions().keySet()) {
      if (!there.contains(name)) {
        throw socket.failure(
            "no server " + name + " in backend " + settings.backend() + " (it has: " + there + ")");
      }
    }
    for (Server server : servers) {
      boolean mapped = settings.versions().containsKey(server.name());
      if (mapped && server.backup()) {
        throw socket.failure(
            "server " + server.name() + " is a backup server (expected: one that shares traffic)");
      }
      if (!mapped && !server.backup() && server.effectiveWeight() > 0) {
        throw socket.failure(
            "server "
                + server.name()
                + " of backend "
                + settings.backend()
                + " takes traffic but has no version (expected: it in 'servers', or weight 0)");
      }
    }
  }

  private BackendException unknownBackend(String answer, Deadline deadline)
      throws BackendException {
    if (!answer.contains("Can't find backend")) {
      String words = answer.lines().findFirst().orElse("nothing");
      return socket.failure(
          "backend " + settings.backend() + " shows no servers; the answer was: " + words);
    }
    Set<String> known = new TreeSet<>();
    for (String line : socket.ask(List.of("show backend"), deadline).split("\n", -1)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        known.add(line.strip());
      }
    }
    return socket.failure("no backend " + settings.backend() + " (it has: " + known + ")");
  }

  private static String ofBackend(List<Map<String, String>> stats, String column) {
    for (Map<String, String> row : stats) {
      if ("BACKEND".equals(row.get("svname"))) {
        return row.getOrDefault(column, "");
      }
    }
    return "";
  }
}
