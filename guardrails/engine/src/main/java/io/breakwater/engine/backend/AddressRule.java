package io.breakwater.engine.backend;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses may be connected to. Whoever can write a host name into the guardrail file, or
 * answer for one in DNS, must not reach what only the machine itself may ask: the addresses at
 * which clouds hand out credentials, and link-local ones.
 *
 * <p>It is asked with the very address that a connection is about to be made to, so that a name
 * which resolves to something else a moment later gains nothing. Immutable.
 */
public final class AddressRule {
  /** Nothing forbidden is allowed. */
  public static final AddressRule STRICT = new AddressRule(List.of());

  /** Link-local networks, and the metadata addresses that lie outside them. */
  private static final List<IpNetwork> FORBIDDEN =
      Stream.of(
              "169.254.0.0/16", // link-local; AWS, Azure, Google, OpenStack, Oracle, DigitalOcean
              "fe80::/10", // link-local
              "fd00:ec2::/32", // AWS
              "fd20:ce::254", // Google
              "fd00:42::42", // Scaleway
              "100.100.100.200", // Alibaba
              "192.0.0.192", // Oracle
              "168.63.129.16") // Azure's host
          .map(IpNetwork::parse)
          .toList();

  /** IPv6 networks that carry an IPv4 address, and where in the address it begins. */
  private static final List<Carrier> CARRIERS =
      List.of(
          new Carrier(IpNetwork.parse("::/96"), 12),
          new Carrier(IpNetwork.parse("::ffff:0:0/96"), 12),
          new Carrier(IpNetwork.parse("64:ff9b::/96"), 12),
          new Carrier(IpNetwork.parse("64:ff9b:1::/96"), 12),
          new Carrier(IpNetwork.parse("2002::/16"), 2));

  private final List<IpNetwork> allowed;

  private record Carrier(IpNetwork network, int offset) {}

  private AddressRule(List<IpNetwork> allowed) {
    this.allowed = List.copyOf(allowed);
  }

  /**
   * The rule with exceptions.
   *
   * @param networks addresses, or networks as {@code 169.254.10.0/24}
   * @throws IllegalArgumentException saying what would be right
   */
  public static AddressRule allowing(List<String> networks) {
    return new AddressRule(networks.stream().map(IpNetwork::parse).toList());
  }

  /**
   * What speaks against connecting, or null when nothing does.
   *
   * @param address 4 or 16 bytes in network order
   */
  public @Nullable String objection(byte[] address) {
    if (isIn(allowed, address)) {
      return null;
    }
    boolean forbidden = isIn(FORBIDDEN, address);
    for (Carrier carrier : CARRIERS) {
      if (carrier.network.contains(address)) {
        byte[] carried = Arrays.copyOfRange(address, carrier.offset, carrier.offset + 4);
        forbidden |= isIn(FORBIDDEN, carried) && !isIn(allowed, carried);
      }
    }
    return forbidden
        ? "a link-local or metadata address (expected: another, or outgoing: {allow: [...]} in the"
            + " guardrail file)"
        : null;
  }

  private static boolean isIn(List<IpNetwork> networks, byte[] address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AddressRule rule && allowed.equals(rule.allowed);
  }

  @Override
  public int hashCode() {
    return allowed.hashCode();
  }
}
