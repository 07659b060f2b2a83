package io.breakwater.backend.haproxy;

import io.breakwater.engine.backend.BackendException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The backend's servers that run a version, as HAProxy had them at one moment.
 *
 * <p>The share of a version is its servers' part of the weights. A failed health check does not
 * change it (it shows in {@link #ready} instead), so that a flapping server is not mistaken for
 * somebody's change of weights; maintenance and drain count as weight 0.
 *
 * @param servers in ascending order of their names
 * @param versions version by server name
 * @param incarnation of the HAProxy process
 * @param balance the algorithm, empty when HAProxy did not say
 * @param cookie the persistence cookie, empty when there is none
 * @param level what the socket may do: user, operator, admin; empty when HAProxy did not say
 */
record Pool(
    List<Server> servers,
    Map<String, String> versions,
    String incarnation,
    String balance,
    String cookie,
    String level) {
  Pool {
    servers = List.copyOf(servers);
    versions = Map.copyOf(versions);
  }

  /** Share per version, 0..1; all 0 when no server has a weight. */
  Map<String, Double> shares() {
    Map<String, Double> shares = new TreeMap<>();
    double sum = servers.stream().mapToInt(Server::effectiveWeight).sum();
    for (Server server : servers) {
      shares.merge(version(server), sum == 0 ? 0 : server.effectiveWeight() / sum, Double::sum);
    }
    shares.replaceAll((version, share) -> Math.round(share * 1e9) / 1e9);
    return shares;
  }

  /** Versions with a server that could take requests now, in ascending order. */
  List<String> ready() {
    return servers.stream()
        .filter(Server::ready)
        .map(this::version)
        .distinct()
        .sorted()
        .collect(Collectors.toList());
  }

  List<String> managers() {
    return servers.stream()
        .filter(Server::agent)
        .map(server -> "agent check of server " + server.name())
        .collect(Collectors.toList());
  }

  /** Whether the socket may set weights, as far as HAProxy says. */
  boolean mayChange() {
    return level.isEmpty() || level.equals("admin");
  }

  /** Everything that a plan depends on. */
  String token() {
    return incarnation
        + servers.stream()
            .map(server -> " " + server.name() + "=" + server.weight() + (server.out() ? "!" : ""))
            .collect(Collectors.joining());
  }

  /** Whether a server of a version that is to have no traffic has a weight, be it out or not. */
  boolean hasWeightLeft(Map<String, Double> wanted) {
    return servers.stream()
        .anyMatch(server -> server.weight() > 0 && wanted.getOrDefault(version(server), 0.0) == 0);
  }

  /** New weight of each server whose weight has to change to bring shares about. */
  Map<String, Integer> changes(Map<String, Double> wanted) throws BackendException {
    Map<String, Integer> weights = weights(wanted);
    Map<String, Integer> changes = new LinkedHashMap<>();
    for (Server server : servers) {
      Integer weight = weights.get(server.name());
      if (weight != null && weight != server.weight()) {
        changes.put(server.name(), weight);
      }
    }
    return changes;
  }

  /** The same with other weights. */
  Pool with(Map<String, Integer> weights) {
    List<Server> changed = new ArrayList<>();
    for (Server server : servers) {
      changed.add(server.withWeight(weights.getOrDefault(server.name(), server.weight())));
    }
    return new Pool(changed, versions, incarnation, balance, cookie, level);
  }

  /**
   * Weights that bring shares about. Servers of one version share its part as their configured
   * weights say; servers that are out keep their weight, except that a version with share 0 has no
   * weight anywhere.
   */
  private Map<String, Integer> weights(Map<String, Double> wanted) throws BackendException {
    Map<String, Double> shares = new LinkedHashMap<>();
    Map<String, Integer> current = new LinkedHashMap<>();
    for (Server server : servers) {
      double share = wanted.getOrDefault(version(server), 0.0);
      if (share == 0 || !server.out()) {
        shares.put(server.name(), share == 0 ? 0 : share * partWithinVersion(server));
        current.put(server.name(), server.weight());
      }
    }
    for (Map.Entry<String, Double> entry : wanted.entrySet()) {
      if (entry.getValue() > 0 && in(entry.getKey()).isEmpty()) {
        throw new BackendException(
            "version "
                + entry.getKey()
                + " cannot get a share: each of its servers was taken out (maintenance or drain)");
      }
    }
    return Weights.nearest(shares, current);
  }

  private double partWithinVersion(Server server) {
    double sum = in(version(server)).stream().mapToInt(Pool::capacity).sum();
    return capacity(server) / sum;
  }

  private static int capacity(Server server) {
    return Math.max(1, server.configuredWeight());
  }

  private List<Server> in(String version) {
    return servers.stream()
        .filter(server -> !server.out() && version(server).equals(version))
        .collect(Collectors.toList());
  }

  private String version(Server server) {
    return versions.getOrDefault(server.name(), "");
  }
}
