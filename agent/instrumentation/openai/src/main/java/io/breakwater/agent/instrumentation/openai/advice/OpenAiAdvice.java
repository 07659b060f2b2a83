package io.breakwater.agent.instrumentation.openai.advice;

import com.openai.core.JsonString;
import com.openai.core.JsonValue;
import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.StreamResponse;
import io.breakwater.agent.core.llm.LlmAdvice;
import io.breakwater.agent.core.llm.LlmCall;
import io.breakwater.agent.core.llm.LlmRequest;
import io.breakwater.agent.core.record.Recorder;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows a call to its answer, in any of the forms in which the library gives one.
 *
 * @param <A> type of a whole answer
 * @param <P> type of a streamed answer's pieces
 */
abstract class OpenAiAdvice<A, P> extends LlmAdvice {
  /** Value of {@code gen_ai.provider.name}. */
  static final String PROVIDER = "openai";

  private final BiConsumer<LlmCall, A> answerReader;
  private final BiConsumer<LlmCall, P> pieceReader;

  OpenAiAdvice(
      Recorder recorder, BiConsumer<LlmCall, A> answerReader, BiConsumer<LlmCall, P> pieceReader) {
    super(recorder, "openai-java");
    this.answerReader = answerReader;
    this.pieceReader = pieceReader;
  }

  /** The request, with the name and version that its metadata may give. */
  static LlmRequest named(LlmRequest request, Map<String, JsonValue> metadata) {
    return request.named(
        text(metadata.get("breakwater.model")), text(metadata.get("breakwater.version")));
  }

  private static @Nullable String text(@Nullable JsonValue value) {
    return value instanceof JsonString ? ((JsonString) value).value() : null;
  }

  @Override
  @SuppressWarnings("unchecked") // the method's type says so
  protected @Nullable Object answer(LlmCall call, @Nullable Object result) {
    if (result instanceof CompletableFuture) {
      call.follow((CompletableFuture<A>) result, answerReader);
      return result;
    }
    if (result instanceof StreamResponse) {
      return new FollowedResponse<>((StreamResponse<P>) result, call, pieceReader);
    }
    if (result instanceof AsyncStreamResponse) {
      return new FollowedAsyncResponse<>((AsyncStreamResponse<P>) result, call, pieceReader);
    }
    if (result != null) {
      call.read((A) result, answerReader);
    }
    call.end();
    return result;
  }
}
