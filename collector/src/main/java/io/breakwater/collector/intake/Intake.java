package io.breakwater.collector.intake;

import static java.util.Objects.requireNonNull;

import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.stream.AbortedStreamException;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all transports share: limits, decoding, repeats, and the way to the lanes. Safe for use by
 * many threads.
 *
 * <p>What was refused of a request is said in the reply and counted; the rest is taken. Bodies are
 * decoded on {@code executor}, so that a large one holds up no connection.
 */
public final class Intake {
  /**
   * How long a body may wait to be decoded, in nanoseconds. One that waited longer is turned away
   * unread: its sender is about to give up, and those behind it would wait longer still.
   */
  private static final long PATIENCE_NANOS = 2_000_000_000L;

  private static final Logger log = LoggerFactory.getLogger(Intake.class);

  private final PointSink sink;
  private final IntakeMetrics metrics;
  private volatile IntakeLimits limits;
  private final Executor executor;
  private final LongSupplier nanoTime;
  private final BatchRooms rooms = new BatchRooms();
  private final RepeatFilter repeats = new RepeatFilter();
  private final SeriesTable series = SeriesTable.ofHeap();
  private final CumulativeStreams cumulatives = CumulativeStreams.ofHeap(System::nanoTime);
  private final StreamHash hash;
  private final AtomicLong pendingBytes = new AtomicLong();

  /** An intake that hands points to {@code sink}. */
  public Intake(PointSink sink, IntakeMetrics metrics, IntakeLimits limits, Executor executor) {
    this(sink, metrics, limits, executor, System::nanoTime);
  }

  Intake(
      PointSink sink,
      IntakeMetrics metrics,
      IntakeLimits limits,
      Executor executor,
      LongSupplier nanoTime) {
    this.sink = requireNonNull(sink, "sink");
    this.metrics = requireNonNull(metrics, "metrics");
    this.limits = requireNonNull(limits, "limits");
    cumulatives.setMost(limits.cumulativeStreams());
    this.executor = requireNonNull(executor, "executor");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    SecureRandom random = new SecureRandom();
    this.hash = new StreamHash(random.nextLong(), random.nextLong());
  }

  /** Has other limits hold from now on; what was taken under those before stays. */
  public void use(IntakeLimits other) {
    limits = other;
    cumulatives.setMost(other.cumulativeStreams());
  }

  IntakeLimits limits() {
    return limits;
  }

  /** Bytes of bodies that are received and not decoded yet. */
  long pendingBytes() {
    return pendingBytes.get();
  }

  /** The reply to one that may not emit. */
  Reply unauthorized(Reply reply) {
    metrics.dropped(Drop.UNAUTHORIZED);
    return reply;
  }

  Reply unsupported(String message) {
    metrics.dropped(Drop.UNSUPPORTED);
    return Reply.of(Reply.Status.UNSUPPORTED, message);
  }

  Reply oversized(String message) {
    metrics.dropped(Drop.OVERSIZED);
    return Reply.oversized(message);
  }

  Reply malformed(String message) {
    metrics.dropped(Drop.MALFORMED);
    return Reply.malformed(message);
  }

  /**
   * Receives a body and has it unpacked and taken. Its bytes count as pending as they come.
   *
   * @param most bytes it may have
   */
  CompletableFuture<Reply> receive(HttpRequest request, int most, Unpacking unpacking) {
    Reception reception = new Reception(most, pendingBytes, limits.pendingBytes());
    request.subscribe(reception);
    return reception
        .body()
        .thenCompose(body -> queue(body, unpacking))
        .exceptionally(this::failed)
        .whenComplete((reply, thrown) -> reception.end());
  }

  private CompletableFuture<Reply> queue(byte[] body, Unpacking unpacking) {
    if (sink.isBehind()) {
      return CompletableFuture.completedFuture(overloaded());
    }
    long came = nanoTime.getAsLong();
    return CompletableFuture.supplyAsync(
        () -> nanoTime.getAsLong() - came > PATIENCE_NANOS ? overloaded() : take(body, unpacking),
        executor);
  }

  private Reply overloaded() {
    metrics.dropped(Drop.OVERLOADED);
    return Reply.UNAVAILABLE;
  }

  /** Turns a body into the bytes of an {@code ExportMetricsServiceRequest}. */
  interface Unpacking {
    byte[] unpack(byte[] body) throws IOException;
  }

  Reply take(byte[] body, Unpacking unpacking) {
    try {
      return take(unpacking.unpack(body));
    } catch (OversizedException e) {
      return oversized(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return malformed(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Takes a request.
   *
   * @throws IOException when it is none, or too large
   */
  Reply take(byte[] data) throws IOException {
    Batch batch = new OtlpDecoder(data, limits, hash, series, cumulatives, rooms).decode();
    Map<Drop, Long> turnedAway;
    try {
      metrics.dropped(Drop.REPEATED, batch.dropRepeats(repeats));
      turnedAway = sink.offer(batch);
      metrics.used(batch.size() - sum(turnedAway));
    } finally {
      batch.release();
    }
    Map<Drop, Long> refused = new EnumMap<>(Drop.class);
    refused.putAll(batch.refused());
    turnedAway.forEach((drop, count) -> refused.merge(drop, count, Long::sum));
    refused.forEach(metrics::dropped);
    return Reply.taken(refused);
  }

  private static long sum(Map<Drop, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private Reply failed(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof OversizedException || cause instanceof ContentTooLargeException) {
      return oversized("the body is larger than " + limits.requestBytes() + " bytes");
    }
    if (cause instanceof Reception.FullException) {
      metrics.dropped(Drop.BODIES_FULL);
      return Reply.EXHAUSTED;
    }
    if (cause instanceof RejectedExecutionException) {
      return overloaded();
    }
    metrics.dropped(Drop.MALFORMED);
    if (cause instanceof ClosedStreamException
        || cause instanceof ClosedSessionException
        || cause instanceof AbortedStreamException) {
      log.debug("A sender hung up before its request was complete");
    } else {
      log.error("A metrics request could not be handled", cause);
    }
    return Reply.FAILED;
  }
}
