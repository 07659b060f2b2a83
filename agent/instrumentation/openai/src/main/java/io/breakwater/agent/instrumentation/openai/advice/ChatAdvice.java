package io.breakwater.agent.instrumentation.openai.advice;

import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.completions.CompletionUsage;
import io.breakwater.agent.core.llm.Ending;
import io.breakwater.agent.core.llm.LlmCall;
import io.breakwater.agent.core.llm.LlmRequest;
import io.breakwater.agent.core.record.Recorder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Follows chat completions. */
public final class ChatAdvice extends OpenAiAdvice<ChatCompletion, ChatCompletionChunk> {
  /** For the linker. */
  public ChatAdvice(Recorder recorder) {
    super(recorder, ChatAdvice::read, ChatAdvice::read);
  }

  @Override
  @SuppressWarnings("deprecation") // the one way to the metadata in every version
  protected @Nullable LlmRequest request(Object self, @Nullable Object[] arguments) {
    ChatCompletionCreateParams params = (ChatCompletionCreateParams) arguments[0];
    if (params == null) {
      return null;
    }
    LlmRequest request = LlmRequest.of(LlmRequest.CHAT, PROVIDER, params.model().asString());
    return named(
        request, params.metadata().map(each -> each._additionalProperties()).orElse(Map.of()));
  }

  private static void read(LlmCall call, ChatCompletion answer) {
    answer.usage().ifPresent(usage -> read(call, usage));
    for (ChatCompletion.Choice choice : answer.choices()) {
      call.endedBy(Ending.of(choice.finishReason().asString()));
      ChatCompletionMessage message = choice.message();
      message.content().ifPresent(call::text);
      message.refusal().ifPresent(refusal -> call.refused());
      message.audio().ifPresent(audio -> call.otherContent());
      message.toolCalls().ifPresent(tools -> tools.forEach(tool -> call.toolCall()));
    }
    call.answeredBy(answer.model());
  }

  private static void read(LlmCall call, ChatCompletionChunk chunk) {
    chunk.usage().ifPresent(usage -> read(call, usage));
    for (ChatCompletionChunk.Choice choice : chunk.choices()) {
      choice.finishReason().ifPresent(reason -> call.endedBy(Ending.of(reason.asString())));
      ChatCompletionChunk.Choice.Delta delta = choice.delta();
      delta.content().ifPresent(call::text);
      delta.refusal().ifPresent(refusal -> call.refused());
      delta.toolCalls().ifPresent(tools -> tools.forEach(tool -> call.toolCall()));
    }
    call.answeredBy(chunk.model());
  }

  private static void read(LlmCall call, CompletionUsage usage) {
    call.inputTokens(usage.promptTokens());
    call.outputTokens(usage.completionTokens());
  }
}
