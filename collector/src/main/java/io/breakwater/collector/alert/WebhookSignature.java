package io.breakwater.collector.alert;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signatures of Standard Webhooks: HMAC-SHA256 over {@code id.timestamp.body}. A secret that begins
 * with {@code whsec_} is base64, any other is taken as the UTF-8 bytes of its text.
 */
final class WebhookSignature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String PREFIX = "whsec_";

  private final SecretKeySpec key;

  /**
   * Signs with a secret.
   *
   * @throws IllegalArgumentException when it is no base64 after {@code whsec_}, or empty
   */
  WebhookSignature(String secret) {
    byte[] bytes =
        secret.startsWith(PREFIX)
            ? Base64.getDecoder().decode(secret.substring(PREFIX.length()))
            : secret.getBytes(StandardCharsets.UTF_8);
    this.key = new SecretKeySpec(bytes, ALGORITHM);
  }

  /** The value of header {@code webhook-signature}. */
  String sign(String id, long epochSecond, String body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] signed = (id + "." + epochSecond + "." + body).getBytes(StandardCharsets.UTF_8);
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
