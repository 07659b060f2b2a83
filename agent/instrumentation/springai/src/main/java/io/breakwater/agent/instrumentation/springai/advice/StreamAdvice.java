package io.breakwater.agent.instrumentation.springai.advice;

import io.breakwater.agent.core.instrument.AroundAdvice;
import io.breakwater.agent.core.llm.LlmRequest;
import io.breakwater.agent.core.record.Recorder;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;

/** Follows what {@code ChatModel.stream} returns: each subscription is a call. */
public final class StreamAdvice implements AroundAdvice {
  private final Recorder recorder;

  /** For the linker. */
  public StreamAdvice(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public @Nullable Object enter(Object self, @Nullable Object[] arguments) {
    Prompt prompt = (Prompt) arguments[0];
    return prompt == null ? null : Chats.request(self, prompt);
  }

  @Override
  @SuppressWarnings("unchecked") // the patched method's type says so
  public @Nullable Object exit(Object request, @Nullable Object result) {
    return result instanceof Flux
        ? new FollowedFlux((Flux<ChatResponse>) result, recorder, (LlmRequest) request)
        : result;
  }

  @Override
  public void fail(Object request, Throwable failure) {} // nothing was asked yet
}
