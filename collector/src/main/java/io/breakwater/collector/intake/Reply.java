package io.breakwater.collector.intake;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;

/**
 * What a sender is told of one request, whatever the transport.
 *
 * @param rejected points that were not taken, when the rest was
 * @param message in words; empty when there is nothing to say
 * @param retrySeconds after how many seconds the sender may come back; 0 where that does not help
 */
record Reply(Status status, long rejected, String message, long retrySeconds) {
  /** After how many seconds a sender that was turned away for want of room may come back. */
  private static final int RETRY_SECONDS = 1;

  /** The outcomes, with their codes of HTTP and of {@code google.rpc.Code}. */
  enum Status {
    /** Taken; some points perhaps not. */
    TAKEN(200, 0, false),
    /** No request of OTLP metrics. */
    MALFORMED(400, 3, false),
    /** No known token. */
    UNAUTHENTICATED(401, 16, false),
    /** No known token, for the many-th time. */
    WRONG_TOKENS(429, 8, true),
    /** A token of another role. */
    FORBIDDEN(403, 7, false),
    /** Too large, or too many points. */
    OVERSIZED(413, 8, false),
    /** A content type or encoding that is not taken. */
    UNSUPPORTED(415, 12, false),
    /** The memory for received requests is in use. */
    EXHAUSTED(429, 8, true),
    /** The collector is behind. */
    UNAVAILABLE(503, 14, true),
    /** Our fault. */
    FAILED(500, 13, false);

    final int http;
    final int rpc;

    /** Whether the very same request may succeed later. */
    final boolean retryable;

    Status(int http, int rpc, boolean retryable) {
      this.http = http;
      this.rpc = rpc;
      this.retryable = retryable;
    }
  }

  static final Reply UNAVAILABLE = of(Status.UNAVAILABLE, Drop.OVERLOADED.explanation());
  static final Reply EXHAUSTED = of(Status.EXHAUSTED, Drop.BODIES_FULL.explanation());
  static final Reply FAILED =
      of(Status.FAILED, "the request could not be handled; the collector's log says why");

  Reply {
    requireNonNull(status, "status");
    requireNonNull(message, "message");
  }

  static Reply of(Status status, String message) {
    return new Reply(status, 0, message, status.retryable ? RETRY_SECONDS : 0);
  }

  static Reply oversized(String message) {
    return of(Status.OVERSIZED, message);
  }

  static Reply malformed(String message) {
    return of(Status.MALFORMED, Drop.MALFORMED.explanation() + ": " + message);
  }

  /** Success, with the points that were refused and why. */
  static Reply taken(Map<Drop, Long> refused) {
    Map<Drop, Long> told = new EnumMap<>(Drop.class);
    refused.forEach(
        (drop, count) -> {
          if (drop.isRejection() && count > 0) {
            told.put(drop, count);
          }
        });
    long points = 0;
    StringBuilder message = new StringBuilder();
    for (Map.Entry<Drop, Long> entry : told.entrySet()) {
      points += entry.getValue();
      message
          .append(message.length() == 0 ? "" : "; ")
          .append(entry.getValue())
          .append(" refused: ")
          .append(entry.getKey().explanation());
    }
    return new Reply(Status.TAKEN, points, message.toString(), 0);
  }

  /** Whether some points of a request that was taken were not. */
  boolean isPartial() {
    return rejected > 0;
  }
}
