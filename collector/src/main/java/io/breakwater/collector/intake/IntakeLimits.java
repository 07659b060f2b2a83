package io.breakwater.collector.intake;

import io.breakwater.collector.config.Limits;

/**
 * What intake accepts at most.
 *
 * @param requestBytes size of a request's body, as sent and after decompression
 * @param pointsPerRequest data points in one request
 * @param attributeChars characters of an attribute's value that becomes part of an identity
 * @param pendingBytes bodies received and not decoded yet, all requests together
 * @param cumulativeStreams cumulative streams that are remembered
 */
public record IntakeLimits(
    int requestBytes,
    int pointsPerRequest,
    int attributeChars,
    long pendingBytes,
    int cumulativeStreams) {
  private static final int ATTRIBUTE_CHARS = 256;

  /** The limits in effect when nothing else is said. */
  public static final IntakeLimits DEFAULTS = of(Limits.DEFAULTS);

  /** Those of a configuration. */
  public static IntakeLimits of(Limits limits) {
    return new IntakeLimits(
        Math.toIntExact(limits.requestSize()),
        limits.requestPoints(),
        ATTRIBUTE_CHARS,
        limits.waitingSize(),
        limits.streams());
  }
}
