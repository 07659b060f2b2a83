package io.breakwater.agent.instrumentation.langchain4j.advice;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.breakwater.agent.core.llm.LlmAdvice;
import io.breakwater.agent.core.llm.LlmCall;
import io.breakwater.agent.core.llm.LlmRequest;
import io.breakwater.agent.core.record.Recorder;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Follows {@code ChatModel.chat} and {@code ChatModel.chatAsync}. */
public final class ChatAdvice extends LlmAdvice {
  /** For the linker. */
  public ChatAdvice(Recorder recorder) {
    super(recorder, Chats.FRAMEWORK);
  }

  @Override
  protected @Nullable LlmRequest request(Object self, @Nullable Object[] arguments) {
    ChatModel model = (ChatModel) self;
    ChatRequest request = (ChatRequest) arguments[0];
    return request == null
        ? null
        : Chats.request(request, model.defaultRequestParameters(), model.provider());
  }

  @Override
  @SuppressWarnings("unchecked") // the patched method's type says so
  protected @Nullable Object answer(LlmCall call, @Nullable Object result) {
    if (result instanceof CompletableFuture) {
      call.follow((CompletableFuture<ChatResponse>) result, Chats::read);
      return result;
    }
    if (result != null) {
      call.read((ChatResponse) result, Chats::read);
    }
    call.end();
    return result;
  }
}
