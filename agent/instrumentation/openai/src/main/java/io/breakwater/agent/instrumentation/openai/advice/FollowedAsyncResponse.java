package io.breakwater.agent.instrumentation.openai.advice;

import com.openai.core.http.AsyncStreamResponse;
import io.breakwater.agent.core.llm.LlmCall;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A streamed answer, its pieces seen on their way to the caller's handler. */
final class FollowedAsyncResponse<P> implements AsyncStreamResponse<P> {
  private final AsyncStreamResponse<P> response;
  private final LlmCall call;
  private final BiConsumer<LlmCall, P> reader;

  FollowedAsyncResponse(
      AsyncStreamResponse<P> response, LlmCall call, BiConsumer<LlmCall, P> reader) {
    this.response = response;
    this.call = call;
    this.reader = reader;
    call.stream();
    call.follow(response.onCompleteFuture(), (ending, nothing) -> {});
  }

  private static void end(LlmCall call, @Nullable Throwable failure) {
    if (failure == null) {
      call.end();
    } else {
      call.fail(failure);
    }
  }

  @Override
  public AsyncStreamResponse<P> subscribe(Handler<? super P> handler) {
    response.subscribe(new FollowedHandler<>(handler, call, reader));
    return this;
  }

  @Override
  public AsyncStreamResponse<P> subscribe(Handler<? super P> handler, Executor executor) {
    response.subscribe(new FollowedHandler<>(handler, call, reader), executor);
    return this;
  }

  @Override
  public CompletableFuture<Void> onCompleteFuture() {
    return response.onCompleteFuture();
  }

  @Override
  public void close() {
    call.cancel();
    response.close();
  }

  private static final class FollowedHandler<P> implements Handler<P> {
    private final Handler<? super P> handler;
    private final LlmCall call;
    private final BiConsumer<LlmCall, P> reader;

    FollowedHandler(Handler<? super P> handler, LlmCall call, BiConsumer<LlmCall, P> reader) {
      this.handler = handler;
      this.call = call;
      this.reader = reader;
    }

    @Override
    public void onNext(P piece) {
      call.read(piece, reader);
      try {
        handler.onNext(piece);
      } catch (RuntimeException | Error e) {
        call.cancel(); // what ends the stream is not the model's fault
        throw e;
      }
    }

    @Override
    public void onComplete(Optional<Throwable> failure) {
      end(call, failure.orElse(null));
      handler.onComplete(failure);
    }
  }
}
