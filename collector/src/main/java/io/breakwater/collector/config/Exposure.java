package io.breakwater.collector.config;

import io.breakwater.collector.config.CollectorConfig.Listen;
import io.breakwater.collector.config.CollectorConfig.Token;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rule that nothing is reachable from other machines without a token. */
public final class Exposure {
  private Exposure() {}

  /**
   * What speaks against listening there, or null when nothing does.
   *
   * <p>One token is enough: as soon as there is one, every port asks for one of its role.
   */
  public static @Nullable String objection(Listen listen, List<Token> tokens) {
    try {
      if (InetAddress.getByName(listen.host()).isLoopbackAddress() || !tokens.isEmpty()) {
        return null;
      }
    } catch (UnknownHostException e) {
      return listen.host() + ": unknown host (expected: an address of this machine)";
    }
    return listen.host()
        + ": reachable from other machines without a token (expected: auth: {tokens: [...]},"
        + " or 127.0.0.1)";
  }
}
