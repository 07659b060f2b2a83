package io.breakwater.agent.instrumentation.langchain4j.advice;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.breakwater.agent.core.llm.LlmAdvice;
import io.breakwater.agent.core.llm.LlmCall;
import io.breakwater.agent.core.llm.LlmRequest;
import io.breakwater.agent.core.record.Recorder;
import org.jspecify.annotations.Nullable;

/** Follows {@code StreamingChatModel.chat} through the handler that the caller gives it. */
public final class StreamingChatAdvice extends LlmAdvice {
  /** For the linker. */
  public StreamingChatAdvice(Recorder recorder) {
    super(recorder, Chats.FRAMEWORK);
  }

  @Override
  protected @Nullable LlmRequest request(Object self, @Nullable Object[] arguments) {
    StreamingChatModel model = (StreamingChatModel) self;
    ChatRequest request = (ChatRequest) arguments[0];
    return request == null || handler(arguments) == null
        ? null
        : Chats.request(request, model.defaultRequestParameters(), model.provider());
  }

  private static @Nullable StreamingChatResponseHandler handler(@Nullable Object[] arguments) {
    return (StreamingChatResponseHandler) arguments[arguments.length - 1];
  }

  @Override
  protected void follow(LlmCall call, @Nullable Object[] arguments) {
    StreamingChatResponseHandler handler = handler(arguments);
    if (handler != null) {
      arguments[arguments.length - 1] = FollowedHandler.of(handler, call);
    }
  }

  @Override
  protected @Nullable Object answer(LlmCall call, @Nullable Object result) {
    return result; // the handler hears of the answer
  }
}
