package io.breakwater.backend.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as Standard Webhooks describes: {@code v1,} and the base64 of HMAC-SHA256 over
 * {@code id.timestamp.body}. Safe for use by many threads.
 */
final class Signer {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String BASE64_PREFIX = "whsec_";

  private final SecretKeySpec key;

  private Signer(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /**
   * Creates one.
   *
   * @param secret {@code whsec_} and base64, or any other text, whose UTF-8 bytes are the key
   * @throws IllegalArgumentException when it is empty or not base64; never shows the secret
   */
  static Signer of(String secret) {
    if (secret.isEmpty() || secret.equals(BASE64_PREFIX)) {
      throw new IllegalArgumentException("is empty (expected: a text or whsec_ and base64)");
    }
    if (!secret.startsWith(BASE64_PREFIX)) {
      return new Signer(secret.getBytes(StandardCharsets.UTF_8));
    }
    byte[] key;
    try {
      key = Base64.getDecoder().decode(secret.substring(BASE64_PREFIX.length()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "starts with whsec_ but is not base64 after it (expected: whsec_ and base64)", e);
    }
    return new Signer(key);
  }

  String sign(String id, long epochSeconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update((id + "." + epochSeconds + ".").getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks " + ALGORITHM, e);
    }
  }
}
