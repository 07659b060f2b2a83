package io.breakwater.agent.core.export;

import io.breakwater.agent.core.record.Drops;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.Compressor;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes requests off the exporter at once and leaves them to the {@link Delivery}: the exporter
 * hears of success as soon as a request is in the queue. What becomes of it is counted and told
 * there, never through the SDK's logging.
 */
final class QueueingSender implements HttpSender {
  private final RequestQueue queue;
  private final @Nullable Compressor compressor;
  private final Drops drops;
  private int pointsOfNext;
  private long flushOfNext;

  QueueingSender(RequestQueue queue, @Nullable Compressor compressor, Drops drops) {
    this.queue = queue;
    this.compressor = compressor;
    this.drops = drops;
  }

  /** Says how many points the next request holds, and of which flush; by the exporting thread. */
  void nextHolds(int points, long flush) {
    pointsOfNext = points;
    flushOfNext = flush;
  }

  @Override
  public void send(
      MessageWriter message, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
    try {
      RequestQueue.Request request =
          new RequestQueue.Request(encode(message), pointsOfNext, flushOfNext);
      drops.add(Drops.Reason.QUEUE_FULL, queue.put(request));
      onResponse.accept(Queued.INSTANCE);
    } catch (IOException e) {
      drops.add(Drops.Reason.UNDELIVERED, pointsOfNext);
      onError.accept(e);
    }
  }

  private byte[] encode(MessageWriter message) throws IOException {
    ByteArrayOutputStream body =
        new ByteArrayOutputStream(Math.max(32, message.getContentLength()));
    if (compressor == null) {
      message.writeMessage(body);
    } else {
      try (OutputStream compressed = compressor.compress(body)) {
        message.writeMessage(compressed);
      }
    }
    return body.toByteArray();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }

  /** What the exporter is told of a request in the queue. */
  private static final class Queued implements HttpResponse {
    private static final Queued INSTANCE = new Queued();
    private static final int OK = 200;
    private static final byte[] EMPTY = {};

    @Override
    public int getStatusCode() {
      return OK;
    }

    @Override
    public String getStatusMessage() {
      return "";
    }

    @Override
    public byte[] getResponseBody() {
      return EMPTY;
    }
  }
}
