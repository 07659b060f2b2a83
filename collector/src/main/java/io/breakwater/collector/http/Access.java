package io.breakwater.collector.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import io.breakwater.collector.config.CollectorConfig.Role;
import io.breakwater.collector.config.CollectorConfig.Token;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what.
 *
 * <p>With tokens configured, reading needs one of role read or operate, and changing one of role
 * operate. Without, the port is bound to loopback; then the request must also have been addressed
 * to loopback, so that a web page whose name was made to point there (DNS rebinding) cannot use a
 * browser as its hand.
 */
final class Access {
  /** What a route asks for. */
  enum Need {
    /** Nothing: it shows nothing of the models. */
    NOTHING,
    /** Seeing states and decisions. */
    READ,
    /** Changing something. */
    OPERATE
  }

  /** The header a changing request must have; browsers do not send it by themselves. */
  static final String CHANGE_HEADER = "x-breakwater-request";

  private static final String BEARER = "bearer ";
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private Access() {}

  /**
   * The name of the token used, or null when none is needed.
   *
   * @throws ApiException when the request is not allowed
   */
  static @Nullable String check(Need need, List<Token> tokens, RequestHeaders headers)
      throws ApiException {
    if (need == Need.NOTHING) {
      return null;
    }
    String name = tokens.isEmpty() ? local(headers) : known(need, tokens, headers);
    if (need == Need.OPERATE && !"1".equals(headers.get(CHANGE_HEADER))) {
      throw new ApiException(
          HttpStatus.FORBIDDEN,
          "a changing request without the header X-Breakwater-Request",
          "header X-Breakwater-Request: 1, which a foreign web page cannot make a browser send");
    }
    return name;
  }

  private static @Nullable String local(RequestHeaders headers) throws ApiException {
    String host = host(String.valueOf(headers.authority()));
    if (LOOPBACK.contains(host) || host.startsWith("127.")) {
      return null;
    }
    throw new ApiException(
        HttpStatus.FORBIDDEN,
        "a request addressed to " + host + ", and no tokens are configured",
        "a request addressed to localhost or 127.0.0.1, or auth: {tokens: [...]} in the guardrail"
            + " file");
  }

  /** The authority without its port. */
  private static String host(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
  }

  private static String known(Need need, List<Token> tokens, RequestHeaders headers)
      throws ApiException {
    Token token = token(tokens, headers.get(HttpHeaderNames.AUTHORIZATION));
    if (token == null) {
      throw new ApiException(
          HttpStatus.UNAUTHORIZED,
          "no known token",
          "header Authorization: Bearer TOKEN with a token of the guardrail file");
    }
    boolean allowed =
        token.role() == Role.OPERATE || (need == Need.READ && token.role() == Role.READ);
    if (!allowed) {
      throw new ApiException(
          HttpStatus.FORBIDDEN,
          "token " + token.name() + " is not allowed this",
          need == Need.READ ? "a token of role read or operate" : "a token of role operate");
    }
    return token.name();
  }

  private static @Nullable Token token(List<Token> tokens, @Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return null;
    }
    byte[] given = utf8(authorization.substring(BEARER.length()).trim());
    Token found = null;
    for (Token token : tokens) { // all are compared, so that time says nothing
      if (MessageDigest.isEqual(given, utf8(token.secret()))) {
        found = token;
      }
    }
    return found;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
