package io.breakwater.agent.core.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Predicate;

/**
 * What the values of categorical features are called outside the process: keyed hashes, unless a
 * feature may leave in plain.
 *
 * <p>A hash is the first 12 hexadecimal digits of SHA-256 over key, feature and value, so the same
 * value has the same name in every process with the same key. Whoever knows the key can try values
 * out. Immutable.
 */
public final class CategoryNames {
  /** Nothing is counted. */
  public static final CategoryNames OFF = of(feature -> false, feature -> false, "");

  private static final int HASH_BYTES = 6;

  private final Predicate<String> counted;
  private final Predicate<String> plain;
  private final String key;

  private CategoryNames(Predicate<String> counted, Predicate<String> plain, String key) {
    this.counted = requireNonNull(counted, "counted");
    this.plain = requireNonNull(plain, "plain");
    this.key = requireNonNull(key, "key");
  }

  /**
   * Names.
   *
   * @param counted whether the values of a feature are counted at all
   * @param plain whether they leave as they are
   * @param key of the hashes; a secret
   */
  public static CategoryNames of(Predicate<String> counted, Predicate<String> plain, String key) {
    return new CategoryNames(counted, plain, key);
  }

  /** Whether the values of a feature are counted at all. */
  public boolean isCounted(String feature) {
    return counted.test(feature);
  }

  /** The name of a value. */
  String name(String feature, String value) {
    return plain.test(feature) ? value : hash(feature, value);
  }

  private String hash(String feature, String value) {
    byte[] digest = sha256().digest((key + '\0' + feature + '\0' + value).getBytes(UTF_8));
    StringBuilder hex = new StringBuilder(2 * HASH_BYTES);
    for (int i = 0; i < HASH_BYTES; i++) {
      hex.append(Character.forDigit((digest[i] >> 4) & 0xF, 16));
      hex.append(Character.forDigit(digest[i] & 0xF, 16));
    }
    return hex.toString();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
