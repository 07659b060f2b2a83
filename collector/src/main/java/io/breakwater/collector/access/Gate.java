package io.breakwater.collector.access;

import static java.util.Objects.requireNonNull;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import io.breakwater.collector.access.AccessException.Kind;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.Role;
import io.breakwater.collector.config.CollectorConfig.Token;
import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Decides for every port whether a request may have what it asks for.
 *
 * <p>With tokens or client names configured, one whose role is enough is asked for. Without, the
 * ports are bound to loopback; then a request must also be addressed to loopback. In both cases a
 * request that a foreign page made a browser send is refused, and one that changes something needs
 * {@link #CHANGE_HEADER}. An address that sent many wrong tokens is told to wait with further wrong
 * ones; a right one always passes, also from there. Safe for use by many threads.
 */
public final class Gate {
  /** The header a changing request must have; browsers do not send it by themselves. */
  public static final String CHANGE_HEADER = "x-breakwater-request";

  private final Supplier<CollectorConfig> config;
  private final AccessMetrics metrics;
  private final WrongTokens wrong;
  private volatile @Nullable Known known;

  /** What one configuration knows. */
  private record Known(CollectorConfig config, KnownTokens tokens, Map<String, Role> clients) {
    boolean nobody() {
      return tokens.isEmpty() && clients.isEmpty();
    }
  }

  /** A gate that asks for the configuration in force at every request. */
  public Gate(Supplier<CollectorConfig> config, AccessMetrics metrics, LongSupplier nanoTime) {
    this.config = requireNonNull(config, "config");
    this.metrics = requireNonNull(metrics, "metrics");
    this.wrong = new WrongTokens(nanoTime);
  }

  /**
   * Lets a request pass.
   *
   * @param session of TLS, or null without
   * @param remote who sent it
   * @return the name of the token or certificate used, or null when none is needed
   * @throws AccessException when the request is not allowed
   */
  public @Nullable String admit(
      Need need, RequestHeaders headers, @Nullable SSLSession session, InetAddress remote)
      throws AccessException {
    if (need == Need.NOTHING) {
      return null;
    }
    try {
      return admitted(need, headers, session, remote);
    } catch (AccessException e) {
      metrics.refused(need, e.kind());
      throw e;
    }
  }

  private @Nullable String admitted(
      Need need, RequestHeaders headers, @Nullable SSLSession session, InetAddress remote)
      throws AccessException {
    Known now = known();
    Addressed.checkOrigin(headers);
    String name;
    if (now.nobody()) {
      Addressed.checkLoopback(headers);
      name = null;
    } else {
      name = caller(now, need, headers.get(HttpHeaderNames.AUTHORIZATION), session, remote);
    }
    if (need == Need.OPERATE && !"1".equals(headers.get(CHANGE_HEADER))) {
      throw new AccessException(
          Kind.FORBIDDEN,
          "a changing request without the header X-Breakwater-Request",
          "header X-Breakwater-Request: 1, which a foreign web page cannot make a browser send");
    }
    return name;
  }

  @SuppressWarnings("ReferenceEquality") // another object is another configuration
  private Known known() {
    CollectorConfig now = config.get();
    Known before = known;
    if (before != null && before.config == now) {
      return before;
    }
    Known next = new Known(now, new KnownTokens(now.tokens()), now.security().clients());
    known = next;
    return next;
  }

  /** A token that is given decides; a certificate speaks only where there is none. */
  private String caller(
      Known known,
      Need need,
      @Nullable String authorization,
      @Nullable SSLSession session,
      InetAddress remote)
      throws AccessException {
    Token token = known.tokens.find(authorization);
    if (token != null) {
      return allowed(need, token.role(), "token " + token.name(), token.name());
    }
    Set<String> names = authorization == null ? ClientCertificate.names(session) : Set.of();
    String refused = null;
    for (String name : names) {
      Role role = known.clients.get(name);
      if (role != null && need.isMetBy(role)) {
        return "certificate " + name;
      }
      refused = role == null ? refused : name;
    }
    if (refused != null) {
      throw notAllowed(need, "certificate " + refused);
    }
    long retrySeconds = authorization == null ? 0 : wrong.note(remote);
    if (retrySeconds > 0) {
      throw new AccessException(
          Kind.TOO_MANY,
          "no known token, and over " + WrongTokens.MOST + " of them from here within a minute",
          "a token of " + need.roles() + ", which is taken at once",
          retrySeconds);
    }
    throw new AccessException(
        Kind.UNAUTHENTICATED,
        "no known token",
        "header Authorization: Bearer TOKEN with a token of " + need.roles());
  }

  private static String allowed(Need need, Role role, String who, String name)
      throws AccessException {
    if (!need.isMetBy(role)) {
      throw notAllowed(need, who);
    }
    return name;
  }

  private static AccessException notAllowed(Need need, String who) {
    return new AccessException(
        Kind.FORBIDDEN, who + " is not allowed this", "a token of " + need.roles());
  }
}
