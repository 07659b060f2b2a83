package io.breakwater.examples.router;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks that a request was signed with a shared secret as Standard Webhooks describes: {@code
 * webhook-signature} holds {@code v1,} and the base64 of HMAC-SHA256 over {@code
 * id.timestamp.body}. Safe for use by many threads.
 */
final class Signature {
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private final SecretKeySpec key;
  private final Clock clock;

  /**
   * Creates one.
   *
   * @param secret {@code whsec_} and base64, or any other text, whose UTF-8 bytes are the key
   */
  Signature(String secret, Clock clock) {
    this.key = new SecretKeySpec(keyBytes(secret), "HmacSHA256");
    this.clock = clock;
  }

  private static byte[] keyBytes(String secret) {
    return secret.startsWith("whsec_")
        ? Base64.getDecoder().decode(secret.substring("whsec_".length()))
        : secret.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Accepts or refuses a request; returns the signed id.
   *
   * @throws HttpException 401 with the reason
   */
  String check(Request request) throws HttpException {
    String id = field(request, "webhook-id");
    String timestamp = field(request, "webhook-timestamp");
    String signatures = field(request, "webhook-signature");
    if (!timestamp.matches("[0-9]{1,12}")) {
      throw new HttpException(401, "webhook-timestamp: " + timestamp + " (expected: seconds)");
    }
    Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
    if (Duration.between(sent, clock.instant()).abs().compareTo(TOLERANCE) > 0) {
      throw new HttpException(
          401, "webhook-timestamp: " + timestamp + " (expected: within 5 minutes of now)");
    }
    byte[] wanted = sign(id + "." + timestamp + ".", request.body());
    for (String signature : signatures.split(" ", -1)) {
      if (signature.startsWith("v1,") && matches(signature.substring(3), wanted)) {
        return id;
      }
    }
    throw new HttpException(401, "webhook-signature: does not match id, timestamp and body");
  }

  private static boolean matches(String base64, byte[] wanted) {
    try {
      return MessageDigest.isEqual(Base64.getDecoder().decode(base64), wanted);
    } catch (IllegalArgumentException e) {
      return false; // not base64, so not a signature of ours
    }
  }

  private static String field(Request request, String name) throws HttpException {
    String value = request.head().first(name);
    if (value == null || value.isEmpty()) {
      throw new HttpException(401, name + ": missing (this router takes signed requests only)");
    }
    return value;
  }

  /** HMAC-SHA256 over a prefix and a body. */
  byte[] sign(String prefix, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(prefix.getBytes(StandardCharsets.UTF_8));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks HmacSHA256", e);
    }
  }
}
