package io.breakwater.collector.intake;

import static java.util.Objects.requireNonNull;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.stream.AbortedStreamException;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.breakwater.collector.config.CollectorConfig.Token;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v1/metrics} of OTLP/HTTP, binary protobuf, gzip or not.
 *
 * <p>A request is taken whole or not at all; what was refused of it is said in the answer and
 * counted. Bodies are decoded on {@code executor}, so that a large one holds up no connection.
 */
public final class MetricsService implements HttpService {
  /** The path. */
  public static final String PATH = "/v1/metrics";

  private static final Logger log = LoggerFactory.getLogger(MetricsService.class);

  private final PointSink sink;
  private final IntakeMetrics metrics;
  private final IntakeLimits limits;
  private final Executor executor;
  private final RepeatFilter repeats = new RepeatFilter();
  private final StreamHash high;
  private final StreamHash low;
  private final AtomicLong pendingBytes = new AtomicLong();
  private volatile TokenCheck tokens;

  /** A service that hands points to {@code sink}. */
  public MetricsService(
      PointSink sink,
      IntakeMetrics metrics,
      IntakeLimits limits,
      List<Token> tokens,
      Executor executor) {
    this.sink = requireNonNull(sink, "sink");
    this.metrics = requireNonNull(metrics, "metrics");
    this.limits = requireNonNull(limits, "limits");
    this.executor = requireNonNull(executor, "executor");
    this.tokens = new TokenCheck(tokens);
    SecureRandom random = new SecureRandom();
    this.high = new StreamHash(random.nextLong());
    this.low = new StreamHash(random.nextLong());
  }

  /** Replaces the tokens that are known. */
  public void setTokens(List<Token> tokens) {
    this.tokens = new TokenCheck(tokens);
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    ctx.setMaxRequestLength(limits.requestBytes());
    HttpResponse refusal = refusal(request.headers());
    if (refusal != null) {
      return refusal;
    }
    boolean gzip = encoding(request.headers()).equals("gzip");
    return HttpResponse.of(
        request.aggregate().thenCompose(body -> queue(body, gzip)).exceptionally(this::failed));
  }

  private CompletableFuture<HttpResponse> queue(AggregatedHttpRequest request, boolean gzip) {
    int length = request.content().length();
    boolean full = pendingBytes.addAndGet(length) > limits.pendingBytes();
    if (full || sink.isBehind()) {
      pendingBytes.addAndGet(-length);
      metrics.dropped(Drop.OVERLOADED);
      return CompletableFuture.completedFuture(Answers.overloaded());
    }
    return CompletableFuture.supplyAsync(() -> take(request, gzip), executor)
        .whenComplete((answer, thrown) -> pendingBytes.addAndGet(-length));
  }

  /** The answer that the headers alone lead to, or null. */
  private @Nullable HttpResponse refusal(RequestHeaders headers) {
    if (headers.method() != HttpMethod.POST) {
      return HttpResponse.of(HttpStatus.METHOD_NOT_ALLOWED);
    }
    TokenCheck.Answer answer = tokens.check(headers.get(HttpHeaderNames.AUTHORIZATION));
    if (answer != TokenCheck.Answer.ALLOWED) {
      metrics.dropped(Drop.UNAUTHORIZED);
      return answer == TokenCheck.Answer.UNKNOWN ? Answers.unauthenticated() : Answers.forbidden();
    }
    String unsupported = unsupported(headers);
    if (unsupported != null) {
      metrics.dropped(Drop.UNSUPPORTED);
      return Answers.unsupported(unsupported);
    }
    if (headers.contentLength() > limits.requestBytes()) {
      return oversized("the body is larger than " + limits.requestBytes() + " bytes");
    }
    return null;
  }

  private static @Nullable String unsupported(RequestHeaders headers) {
    MediaType type = headers.contentType();
    if (type == null
        || !type.type().equals("application")
        || !type.subtype().equals("x-protobuf")) {
      return "Content-Type: " + type + " (expected: application/x-protobuf)";
    }
    String encoding = encoding(headers);
    if (!encoding.equals("gzip") && !encoding.equals("identity")) {
      return "Content-Encoding: " + encoding + " (expected: gzip, identity or none)";
    }
    return null;
  }

  private static String encoding(RequestHeaders headers) {
    String value = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    return value == null ? "identity" : value.trim().toLowerCase(Locale.ROOT);
  }

  private HttpResponse take(AggregatedHttpRequest request, boolean gzip) {
    byte[] body = request.content().array();
    Batch batch;
    try {
      byte[] data = gzip ? BodyReader.gunzip(body, limits.requestBytes()) : body;
      batch = new OtlpDecoder(data, limits, high, low).decode();
    } catch (BodyReader.OversizedException | TooManyPointsException e) {
      return oversized(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      metrics.dropped(Drop.MALFORMED);
      return Answers.malformed(Drop.MALFORMED.explanation() + ": " + e.getMessage());
    }
    batch.refused().forEach(metrics::dropped);
    return deliver(batch);
  }

  private HttpResponse deliver(Batch batch) {
    List<Point> fresh = batch.fresh(repeats);
    metrics.dropped(Drop.REPEATED, batch.size() - fresh.size());
    metrics.used(fresh.size());
    sink.offer(fresh);
    return Answers.taken(batch.refused());
  }

  private HttpResponse failed(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof ContentTooLargeException) {
      return oversized("the body is larger than " + limits.requestBytes() + " bytes");
    }
    metrics.dropped(Drop.MALFORMED);
    if (cause instanceof ClosedStreamException
        || cause instanceof ClosedSessionException
        || cause instanceof AbortedStreamException) {
      log.debug("A sender hung up before its request was complete");
    } else {
      log.error("A metrics request could not be handled", cause);
    }
    return HttpResponse.of(HttpStatus.INTERNAL_SERVER_ERROR);
  }

  private HttpResponse oversized(String message) {
    metrics.dropped(Drop.OVERSIZED);
    return Answers.oversized(message);
  }
}
