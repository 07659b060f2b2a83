package io.breakwater.backend.haproxy;

import io.breakwater.engine.backend.AddressRule;
import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.SettingException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.InvalidPathException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which HAProxy, which backend, and which of its servers run which version.
 *
 * @param socket the runtime socket as the guardrail file has it, for messages
 * @param versions version by server name
 * @param addresses which addresses may be connected to
 */
record HaproxySettings(
    String socket, String backend, Map<String, String> versions, AddressRule addresses) {
  private static final String UNIX = "unix:";
  private static final String TCP = "tcp:";
  private static final String NAME = "[A-Za-z0-9_.:-]+";

  HaproxySettings {
    versions = Map.copyOf(versions);
  }

  static HaproxySettings of(BackendSettings settings) {
    String socket = settings.string("socket");
    String backend = settings.string("backend");
    Map<String, String> servers = settings.strings("servers");
    settings.rejectUnknown();
    checkSocket(socket);
    checkName("backend", backend);
    return new HaproxySettings(socket, backend, versions(servers), settings.addresses());
  }

  private static void checkSocket(String socket) {
    if (socket.startsWith(UNIX)) {
      unixPath(socket);
    } else if (socket.startsWith(TCP)) {
      port(socket);
    } else {
      throw wrongSocket(socket);
    }
  }

  private static Map<String, String> versions(Map<String, String> servers) {
    if (servers.size() < 2) {
      throw new SettingException(
          "servers", servers + " (expected: servers of at least two versions)");
    }
    Map<String, String> versions = new LinkedHashMap<>();
    servers.forEach(
        (version, names) -> {
          for (String name : names.split(",", -1)) {
            String path = "servers." + version;
            checkName(path, name.strip());
            String other = versions.put(name.strip(), version);
            if (other != null) {
              throw new SettingException(
                  path,
                  name.strip() + " (expected: a server not already of version " + other + ")");
            }
          }
        });
    return versions;
  }

  private static void checkName(String path, String name) {
    if (!name.matches(NAME)) {
      throw new SettingException(
          path, "'" + name + "' (expected: a name of letters, digits and _ . : -)");
    }
  }

  /** Where the socket is. TCP host names are looked up at each call. */
  SocketAddress address() {
    if (socket.startsWith(UNIX)) {
      return unixPath(socket);
    }
    String host = socket.substring(TCP.length(), socket.lastIndexOf(':'));
    return new InetSocketAddress(host, port(socket));
  }

  private static UnixDomainSocketAddress unixPath(String socket) {
    String path = socket.substring(UNIX.length());
    try {
      if (path.startsWith("/")) {
        return UnixDomainSocketAddress.of(path);
      }
    } catch (InvalidPathException e) {
      throw wrongSocket(socket);
    }
    throw wrongSocket(socket);
  }

  private static int port(String socket) {
    String[] parts = socket.split(":", -1);
    String port = parts[parts.length - 1];
    boolean fits = port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= 65_535;
    if (parts.length < 3 || parts[1].isEmpty() || !fits || port.equals("0")) {
      throw wrongSocket(socket);
    }
    return Integer.parseInt(port);
  }

  private static SettingException wrongSocket(String socket) {
    return new SettingException(
        "socket", socket + " (expected: unix:/absolute/path or tcp:host:port)");
  }

  /** Servers of each version, both in ascending order, for messages. */
  Map<String, String> serversByVersion() {
    Map<String, String> servers = new TreeMap<>();
    new TreeMap<>(versions)
        .forEach((server, version) -> servers.merge(version, server, (a, b) -> a + "," + b));
    return servers;
  }
}
