package io.breakwater.agent.instrumentation.openai.advice;

import com.openai.core.JsonString;
import com.openai.core.JsonValue;
import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.StreamResponse;
import io.breakwater.agent.core.llm.GeneratedClientAdvice;
import io.breakwater.agent.core.llm.LlmCall;
import io.breakwater.agent.core.llm.LlmRequest;
import io.breakwater.agent.core.record.Recorder;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What the advices have in common. */
abstract class OpenAiAdvice<A, P> extends GeneratedClientAdvice<A, P> {
  /** Value of {@code gen_ai.provider.name}. */
  static final String PROVIDER = "openai";

  OpenAiAdvice(
      Recorder recorder, BiConsumer<LlmCall, A> answerReader, BiConsumer<LlmCall, P> pieceReader) {
    super(
        recorder,
        "openai-java",
        StreamResponse.class,
        AsyncStreamResponse.class,
        answerReader,
        pieceReader);
  }

  /** The request, with the name and version that its metadata may give. */
  static LlmRequest named(LlmRequest request, Map<String, JsonValue> metadata) {
    return request.named(
        text(metadata.get("breakwater.model")), text(metadata.get("breakwater.version")));
  }

  private static @Nullable String text(@Nullable JsonValue value) {
    return value instanceof JsonString ? ((JsonString) value).value() : null;
  }
}
