package io.breakwater.collector.intake;

/**
 * What intake accepts at most.
 *
 * @param requestBytes size of a request's body, as sent and after decompression
 * @param pointsPerRequest data points in one request
 * @param attributeChars characters of an attribute's value that becomes part of an identity
 * @param pendingBytes bodies received and not decoded yet, all requests together
 */
public record IntakeLimits(
    int requestBytes, int pointsPerRequest, int attributeChars, long pendingBytes) {
  /** The limits in effect when nothing else is said. */
  public static final IntakeLimits DEFAULTS = new IntakeLimits(20 << 20, 100_000, 256, 64L << 20);
}
