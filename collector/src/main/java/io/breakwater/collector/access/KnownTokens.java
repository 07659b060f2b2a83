package io.breakwater.collector.access;

import io.breakwater.collector.config.CollectorConfig.Token;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the token that a header carries. Digests are compared, all of them and in constant time, so
 * that how long it takes tells neither how much of a secret was right nor how long it is.
 * Immutable.
 */
final class KnownTokens {
  private static final String SCHEME = "bearer ";

  private final List<Known> known;

  private static final class Known {
    final Token token;
    final byte[] digest;

    Known(Token token) {
      this.token = token;
      this.digest = KnownTokens.digest(token.secret());
    }
  }

  KnownTokens(List<Token> tokens) {
    known = tokens.stream().map(Known::new).toList();
  }

  boolean isEmpty() {
    return known.isEmpty();
  }

  /** The token of an {@code Authorization} header, or null when nobody knows it. */
  @Nullable Token find(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    byte[] given = digest(authorization.substring(SCHEME.length()).trim());
    Token found = null;
    for (Known one : known) {
      if (MessageDigest.isEqual(given, one.digest)) {
        found = one.token;
      }
    }
    return found;
  }

  private static byte[] digest(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
