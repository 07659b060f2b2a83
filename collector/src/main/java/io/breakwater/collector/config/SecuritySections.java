package io.breakwater.collector.config;

import io.breakwater.collector.config.CollectorConfig.Role;
import io.breakwater.collector.tls.ReloadingTls;
import io.breakwater.collector.tls.TlsException;
import io.breakwater.collector.tls.TlsFiles;
import io.breakwater.engine.backend.AddressRule;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code tls:} and {@code outgoing:}. */
final class SecuritySections {
  private final Path guardrailFile;
  private final Problems problems;

  /** Files that are named lie beside {@code guardrailFile}. */
  SecuritySections(Path guardrailFile, Problems problems) {
    this.guardrailFile = guardrailFile;
    this.problems = problems;
  }

  /** The files, found to be usable; null when there is no section or a problem was noted. */
  @Nullable TlsFiles tls(@Nullable Section section) {
    if (section == null) {
      return null;
    }
    section.check(Keys.TLS, true);
    section.require("certificate", "a PEM file");
    section.require("key", "a PEM file, PKCS #8");
    Path certificate = section.read("certificate", this::file);
    Path key = section.read("key", this::file);
    Path clientCa = section.read("client-ca", this::file);
    boolean clientMust = section.read("client-auth", true, SecuritySections::required);
    if (clientCa == null && (section.has("client-auth") || section.has("clients"))) {
      section.wrong(
          section.has("clients") ? "clients" : "client-auth",
          "without client-ca (expected: client-ca, with the certificates of those who sign"
              + " clients')");
    }
    if (certificate == null || key == null) {
      return null;
    }
    TlsFiles files = new TlsFiles(certificate, key, clientCa, clientMust);
    try {
      ReloadingTls.check(files, Clock.systemUTC());
    } catch (TlsException e) {
      problems.add(section.node(), section.path() + ": " + e.getMessage());
    }
    return files;
  }

  private Path file(String text) {
    try {
      return guardrailFile.resolveSibling(Values.text(text));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("a PEM file", e);
    }
  }

  private static boolean required(String text) {
    return switch (text) {
      case "require" -> true;
      case "optional" -> false;
      default -> throw new IllegalArgumentException("require or optional");
    };
  }

  /** Role by a name in a certificate, in file order. */
  Map<String, Role> clients(@Nullable Section section) {
    Map<String, Role> clients = new LinkedHashMap<>();
    for (Section client : section == null ? List.<Section>of() : section.sections("clients")) {
      client.check(Keys.CLIENT, true);
      client.require("name", "a common name, DNS name or URI in a client's certificate");
      client.require("role", "emit, read or operate");
      String name = client.read("name", Values::text);
      Role role = client.read("role", text -> Values.choice(Role.class, text));
      if (name != null && role != null && clients.put(name, role) != null) {
        client.wrong("name", name + " twice (expected: once)");
      }
    }
    return clients;
  }

  AddressRule outgoing(@Nullable Section section) {
    if (section == null) {
      return AddressRule.STRICT;
    }
    section.check(Keys.OUTGOING, true);
    List<String> networks = new ArrayList<>();
    section
        .texts("allow")
        .forEach(
            (node, network) -> {
              try {
                AddressRule unused = AddressRule.allowing(List.of(network));
                networks.add(network);
              } catch (IllegalArgumentException e) {
                problems.add(
                    node,
                    section.at("allow") + ": " + network + " (expected: " + e.getMessage() + ")");
              }
            });
    return AddressRule.allowing(networks);
  }
}
