package io.breakwater.agent.instrumentation.langchain4j.advice;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.breakwater.agent.core.llm.LlmCall;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * The caller's handler, told what it would be told, on the thread on which it would be told it.
 *
 * <p>A proxy, so that whatever a version of the library tells a handler reaches the caller's own
 * method, or the library's default for it.
 */
final class FollowedHandler implements InvocationHandler {
  private final StreamingChatResponseHandler handler;
  private final LlmCall call;

  private FollowedHandler(StreamingChatResponseHandler handler, LlmCall call) {
    this.handler = handler;
    this.call = call;
  }

  static Object of(StreamingChatResponseHandler handler, LlmCall call) {
    call.stream();
    Class<?> type = StreamingChatResponseHandler.class;
    return Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, new FollowedHandler(handler, call));
  }

  @Override
  public @Nullable Object invoke(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    hear(method.getName(), arguments == null ? null : arguments[0]);
    LlmCall making = LlmCall.outside(); // the caller's code may call a model of its own
    try {
      return method.invoke(handler, arguments);
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause();
      throw thrown == null ? e : thrown;
    } finally {
      LlmCall.leave(making);
      if (arguments != null && arguments.length > 1) {
        call.read(arguments[1], FollowedHandler::endIfCancelled);
      }
    }
  }

  private void hear(String method, @Nullable Object told) {
    if (method.equals("onCompleteResponse")) {
      if (told != null) {
        call.read((ChatResponse) told, Chats::read);
      }
      call.end();
    } else if (method.equals("onError")) {
      call.fail(told == null ? new IllegalStateException() : (Throwable) told);
    } else if (method.startsWith("onPartial")) {
      call.content();
    }
  }

  /** Who cancels a stream hears no more of it. */
  private static void endIfCancelled(LlmCall call, @Nullable Object context) {
    if (context instanceof PartialResponseContext
        && ((PartialResponseContext) context).streamingHandle().isCancelled()) {
      call.cancel();
    }
  }
}
