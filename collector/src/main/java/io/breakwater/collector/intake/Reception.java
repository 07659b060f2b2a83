package io.breakwater.collector.intake;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Receives the body of one request. Its bytes are counted as they come, its own and those of all
 * requests together, so that many slow senders cannot fill the memory either.
 *
 * <p>Called by one thread at a time; {@link #end} by any thread.
 */
final class Reception implements Subscriber<HttpObject> {
  private final int most;
  private final AtomicLong pending;
  private final long mostPending;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private final List<HttpData> parts = new ArrayList<>();
  private @Nullable Subscription subscription;
  private int size;
  private long counted;

  /**
   * A reception of at most {@code most} bytes.
   *
   * @param pending bytes of all requests
   * @param mostPending what these may be together
   */
  Reception(int most, AtomicLong pending, long mostPending) {
    this.most = most;
    this.pending = pending;
    this.mostPending = mostPending;
  }

  /**
   * The body; fails with {@link OversizedException}, with {@link FullException}, or as the stream
   * did.
   */
  CompletableFuture<byte[]> body() {
    return body;
  }

  /** The memory for the bodies of all requests is in use. */
  static final class FullException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public void onSubscribe(Subscription opened) {
    subscription = opened;
    opened.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(HttpObject part) {
    if (!(part instanceof HttpData data) || body.isDone()) {
      return;
    }
    count(data.length());
    if (data.length() > most - size) {
      turnAway(OversizedException.bytes(most));
    } else if (pending.get() > mostPending) {
      turnAway(new FullException());
    } else {
      size += data.length();
      parts.add(data);
    }
  }

  private void turnAway(IOException why) {
    parts.clear();
    if (subscription != null) {
      subscription.cancel();
    }
    body.completeExceptionally(why);
  }

  @Override
  public void onError(Throwable cause) {
    parts.clear();
    body.completeExceptionally(cause instanceof Exception ? cause : new ClosedChannelException());
  }

  @Override
  public void onComplete() {
    byte[] whole = new byte[size];
    int at = 0;
    for (HttpData part : parts) {
      System.arraycopy(part.array(), 0, whole, at, part.length());
      at += part.length();
    }
    parts.clear();
    body.complete(whole);
  }

  private synchronized void count(long bytes) {
    counted += bytes;
    pending.addAndGet(bytes);
  }

  /** The body is not needed any more. */
  synchronized void end() {
    pending.addAndGet(-counted);
    counted = 0;
  }
}
