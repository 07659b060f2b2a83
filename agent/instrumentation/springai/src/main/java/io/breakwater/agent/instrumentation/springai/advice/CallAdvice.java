package io.breakwater.agent.instrumentation.springai.advice;

import io.breakwater.agent.core.llm.LlmAdvice;
import io.breakwater.agent.core.llm.LlmCall;
import io.breakwater.agent.core.llm.LlmRequest;
import io.breakwater.agent.core.record.Recorder;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/** Follows {@code ChatModel.call}. */
public final class CallAdvice extends LlmAdvice {
  /** For the linker. */
  public CallAdvice(Recorder recorder) {
    super(recorder, Chats.FRAMEWORK);
  }

  @Override
  protected @Nullable LlmRequest request(Object self, @Nullable Object[] arguments) {
    Prompt prompt = (Prompt) arguments[0];
    return prompt == null ? null : Chats.request(self, prompt);
  }

  @Override
  protected @Nullable Object answer(LlmCall call, @Nullable Object result) {
    if (result != null) {
      call.read((ChatResponse) result, Chats::read);
    }
    call.end();
    return result;
  }
}
