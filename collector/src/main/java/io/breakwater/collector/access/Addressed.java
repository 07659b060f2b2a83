package io.breakwater.collector.access;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import io.breakwater.collector.access.AccessException.Kind;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whom a request is addressed to, and which page made a browser send it. */
final class Addressed {
  /** An IPv4 address of loopback, not a name that begins like one. */
  private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.\\d{1,3}){3}");

  private Addressed() {}

  /**
   * Passes a request that is addressed to this machine only. A web page whose name was made to
   * point here (DNS rebinding) sends that name.
   */
  static void checkLoopback(RequestHeaders headers) throws AccessException {
    String host = host(authority(headers));
    if (!host.equals("localhost")
        && !host.equals("[::1]")
        && !LOOPBACK_V4.matcher(host).matches()) {
      throw new AccessException(
          Kind.FORBIDDEN,
          "a request addressed to " + shown(host) + ", and no tokens are configured",
          "a request addressed to localhost or 127.0.0.1, or auth: {tokens: [...]} in the guardrail"
              + " file");
    }
  }

  /** Passes a request that no page, or one of the collector's own, has made. */
  static void checkOrigin(RequestHeaders headers) throws AccessException {
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    if (origin != null && !authority(headers).equals(authorityOf(origin))) {
      throw new AccessException(
          Kind.FORBIDDEN,
          "a request that a page of " + shown(origin) + " made",
          "one from the collector's own page; a proxy in front must keep the header Host");
    }
  }

  private static String authority(RequestHeaders headers) {
    return String.valueOf(headers.authority()).toLowerCase(Locale.ROOT);
  }

  private static @Nullable String authorityOf(String origin) {
    try {
      String authority = URI.create(origin).getRawAuthority();
      return authority == null ? null : authority.toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return null; // "null" and what is no address: not our page
    }
  }

  /** The authority without its port. */
  private static String host(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
  }

  private static String shown(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "..." : text;
  }
}
