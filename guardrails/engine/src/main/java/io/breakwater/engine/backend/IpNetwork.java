package io.breakwater.engine.backend;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A range of IP addresses, such as {@code 10.0.0.0/8}, {@code fe80::/10} or one address. */
final class IpNetwork {
  private final byte[] address;

  /** How many leading bits of the address count. */
  private final int bits;

  private IpNetwork(byte[] address, int bits) {
    this.address = address;
    this.bits = bits;
  }

  /**
   * The network that a text names; host names are none.
   *
   * @throws IllegalArgumentException saying what would be right
   */
  static IpNetwork parse(String text) {
    int slash = text.indexOf('/');
    byte[] address = address(slash < 0 ? text : text.substring(0, slash));
    int bits = address == null ? -1 : slash < 0 ? address.length * 8 : bits(text, slash, address);
    if (address == null || bits < 0) {
      throw new IllegalArgumentException(
          "an IP address or network, such as 169.254.10.7, 10.0.0.0/8 or fd00::/8");
    }
    return new IpNetwork(address, bits);
  }

  private static int bits(String text, int slash, byte[] address) {
    int bits = number(text.substring(slash + 1), 10, 3);
    return bits <= address.length * 8 ? bits : -1;
  }

  /** Whether an address of 4 or 16 bytes lies in it. */
  boolean contains(byte[] other) {
    if (other.length != address.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i & 7);
      if ((other[i >> 3] & mask) != (address[i >> 3] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static byte @Nullable [] address(String text) {
    return text.indexOf(':') < 0 ? v4(text) : v6(text);
  }

  private static byte @Nullable [] v4(String text) {
    String[] parts = text.split("\\.", -1);
    byte[] address = new byte[4];
    for (int i = 0; i < parts.length; i++) {
      int part = number(parts[i], 10, 3);
      if (parts.length != 4 || part < 0 || part > 255) {
        return null;
      }
      address[i] = (byte) part;
    }
    return address;
  }

  private static byte @Nullable [] v6(String text) {
    int gap = text.indexOf("::");
    byte[] head = groups(gap < 0 ? text : text.substring(0, gap));
    byte[] tail = groups(gap < 0 ? "" : text.substring(gap + 2));
    if (head == null || tail == null) {
      return null;
    }
    int length = head.length + tail.length;
    if (gap < 0 ? length != 16 : length > 14) {
      return null;
    }
    byte[] address = Arrays.copyOf(head, 16);
    System.arraycopy(tail, 0, address, 16 - tail.length, tail.length);
    return address;
  }

  private static byte @Nullable [] groups(String text) {
    if (text.isEmpty()) {
      return new byte[0];
    }
    String[] groups = text.split(":", -1);
    if (groups.length > 8) {
      return null;
    }
    byte[] bytes = new byte[groups.length * 2];
    for (int i = 0; i < groups.length; i++) {
      int group = number(groups[i], 16, 4);
      if (group < 0) {
        return null;
      }
      bytes[2 * i] = (byte) (group >> 8);
      bytes[2 * i + 1] = (byte) group;
    }
    return bytes;
  }

  /** A number of so many digits at most, or -1. */
  private static int number(String digits, int radix, int most) {
    if (digits.isEmpty() || digits.length() > most) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) > 'f' ? -1 : Character.digit(digits.charAt(i), radix);
      if (digit < 0) {
        return -1;
      }
      number = number * radix + digit;
    }
    return number;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IpNetwork network
        && bits == network.bits
        && Arrays.equals(address, network.address);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(address) * 31 + bits;
  }
}
