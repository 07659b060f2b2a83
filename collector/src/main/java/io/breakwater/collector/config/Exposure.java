package io.breakwater.collector.config;

import io.breakwater.collector.config.CollectorConfig.Listen;
import io.breakwater.collector.config.CollectorConfig.Role;
import io.breakwater.collector.config.CollectorConfig.Token;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rule that nothing is reachable from other machines without a token. */
public final class Exposure {
  private Exposure() {}

  /**
   * What speaks against listening there, or null when nothing does.
   *
   * <p>One token, or one client name, is enough: as soon as there is one, every port asks for one
   * of the role that is needed.
   */
  public static @Nullable String objection(CollectorConfig config) {
    return objection(config.listen(), config.tokens(), config.security().clients());
  }

  static @Nullable String objection(Listen listen, List<Token> tokens, Map<String, Role> clients) {
    try {
      if (isLoopback(listen) || !tokens.isEmpty() || !clients.isEmpty()) {
        return null;
      }
    } catch (UnknownHostException e) {
      return listen.host() + ": unknown host (expected: an address of this machine)";
    }
    return listen.host()
        + ": reachable from other machines without a token (expected: auth: {tokens: [...]},"
        + " or 127.0.0.1)";
  }

  /** Whether secrets would cross a network unencrypted. */
  public static boolean isInTheClear(CollectorConfig config) {
    try {
      return config.security().tls() == null && !isLoopback(config.listen());
    } catch (UnknownHostException e) {
      return false; // it cannot be bound either
    }
  }

  private static boolean isLoopback(Listen listen) throws UnknownHostException {
    return InetAddress.getByName(listen.host()).isLoopbackAddress();
  }
}
