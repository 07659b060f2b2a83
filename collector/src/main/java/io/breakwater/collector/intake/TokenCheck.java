package io.breakwater.collector.intake;

import io.breakwater.collector.config.CollectorConfig.Role;
import io.breakwater.collector.config.CollectorConfig.Token;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides from an {@code Authorization} header whether metrics may be sent. Immutable. */
final class TokenCheck {
  /** The answers. */
  enum Answer {
    /** Go ahead. */
    ALLOWED,
    /** No token, or one nobody knows. */
    UNKNOWN,
    /** A known token of another role. */
    FORBIDDEN
  }

  private static final String BEARER = "bearer ";

  private final List<Token> tokens;

  TokenCheck(List<Token> tokens) {
    this.tokens = List.copyOf(tokens);
  }

  Answer check(@Nullable String authorization) {
    if (tokens.isEmpty()) {
      return Answer.ALLOWED;
    }
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Answer.UNKNOWN;
    }
    byte[] given = utf8(authorization.substring(BEARER.length()).trim());
    Answer answer = Answer.UNKNOWN;
    for (Token token : tokens) { // every token is compared, whichever fits, in constant time
      if (MessageDigest.isEqual(given, utf8(token.secret())) && answer != Answer.ALLOWED) {
        answer = token.role() == Role.EMIT ? Answer.ALLOWED : Answer.FORBIDDEN;
      }
    }
    return answer;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
