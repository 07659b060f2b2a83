package io.breakwater.agent.instrumentation.openai.advice;

import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import io.breakwater.agent.core.llm.LlmCall;
import io.breakwater.agent.core.llm.LlmRequest;
import io.breakwater.agent.core.record.Recorder;
import org.jspecify.annotations.Nullable;

/** Follows embeddings. */
public final class EmbeddingsAdvice extends OpenAiAdvice<CreateEmbeddingResponse, Object> {
  /** For the linker. */
  public EmbeddingsAdvice(Recorder recorder) {
    super(recorder, EmbeddingsAdvice::read, (call, nothing) -> {});
  }

  @Override
  protected @Nullable LlmRequest request(Object self, @Nullable Object[] arguments) {
    EmbeddingCreateParams params = (EmbeddingCreateParams) arguments[0];
    return params == null
        ? null
        : LlmRequest.of(LlmRequest.EMBEDDINGS, PROVIDER, params.model().asString());
  }

  private static void read(LlmCall call, CreateEmbeddingResponse answer) {
    call.answeredBy(answer.model());
    call.inputTokens(answer.usage().promptTokens());
  }
}
