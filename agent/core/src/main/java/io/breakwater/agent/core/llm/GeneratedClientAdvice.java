package io.breakwater.agent.core.llm;

import io.breakwater.agent.core.record.Recorder;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows the calls of a client that the vendors' common generator made, to the answer in each of
 * the forms in which such clients give one: whole, in a future, as a stream, to a handler.
 *
 * @param <A> type of a whole answer
 * @param <P> type of a streamed answer's pieces
 */
public abstract class GeneratedClientAdvice<A, P> extends LlmAdvice {
  private final Class<?> streamType;
  private final Class<?> asyncStreamType;
  private final BiConsumer<LlmCall, A> answerReader;
  private final BiConsumer<LlmCall, P> pieceReader;

  /**
   * An advice.
   *
   * @param streamType the library's {@code StreamResponse}
   * @param asyncStreamType the library's {@code AsyncStreamResponse}
   */
  protected GeneratedClientAdvice(
      Recorder recorder,
      String framework,
      Class<?> streamType,
      Class<?> asyncStreamType,
      BiConsumer<LlmCall, A> answerReader,
      BiConsumer<LlmCall, P> pieceReader) {
    super(recorder, framework);
    this.streamType = streamType;
    this.asyncStreamType = asyncStreamType;
    this.answerReader = answerReader;
    this.pieceReader = pieceReader;
  }

  @Override
  @SuppressWarnings("unchecked") // the patched method's type says so
  protected final @Nullable Object answer(LlmCall call, @Nullable Object result) {
    if (result instanceof CompletableFuture) {
      call.follow((CompletableFuture<A>) result, answerReader);
      return result;
    }
    if (streamType.isInstance(result)) {
      return FollowedAnswer.of(streamType, result, call, pieceReader);
    }
    if (asyncStreamType.isInstance(result)) {
      call.follow(completed(result), (ending, nothing) -> {});
      return FollowedAnswer.of(asyncStreamType, result, call, pieceReader);
    }
    if (result != null) {
      call.read((A) result, answerReader);
    }
    call.end();
    return result;
  }

  /** Completes with the answer's end, also where nobody subscribes because there is none. */
  private CompletableFuture<?> completed(Object result) {
    try {
      return (CompletableFuture<?>) asyncStreamType.getMethod("onCompleteFuture").invoke(result);
    } catch (IllegalAccessException | InvocationTargetException | NoSuchMethodException e) {
      return new CompletableFuture<>(); // another version: the handler hears of the end too
    }
  }
}
