package io.breakwater.agent.instrumentation.anthropic.advice;

import com.anthropic.core.http.AsyncStreamResponse;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawContentBlockDelta;
import com.anthropic.models.messages.RawMessageStreamEvent;
import io.breakwater.agent.core.llm.Ending;
import io.breakwater.agent.core.llm.GeneratedClientAdvice;
import io.breakwater.agent.core.llm.LlmCall;
import io.breakwater.agent.core.llm.LlmRequest;
import io.breakwater.agent.core.record.Recorder;
import org.jspecify.annotations.Nullable;

/** Follows messages. */
public final class MessageAdvice extends GeneratedClientAdvice<Message, RawMessageStreamEvent> {
  private static final String PROVIDER = "anthropic";

  /** For the linker. */
  public MessageAdvice(Recorder recorder) {
    super(
        recorder,
        "anthropic-java",
        StreamResponse.class,
        AsyncStreamResponse.class,
        MessageAdvice::read,
        MessageAdvice::read);
  }

  @Override
  protected @Nullable LlmRequest request(Object self, @Nullable Object[] arguments) {
    MessageCreateParams params = (MessageCreateParams) arguments[0];
    return params == null
        ? null
        : LlmRequest.of(LlmRequest.CHAT, PROVIDER, params.model().asString());
  }

  private static void read(LlmCall call, Message answer) {
    call.answeredBy(answer.model().asString());
    answer.stopReason().ifPresent(reason -> call.endedBy(Ending.of(reason.asString())));
    for (ContentBlock block : answer.content()) {
      block.text().ifPresent(text -> call.text(text.text()));
      block.toolUse().ifPresent(tool -> call.toolCall());
    }
    call.inputTokens(answer.usage().inputTokens());
    call.outputTokens(answer.usage().outputTokens());
  }

  private static void read(LlmCall call, RawMessageStreamEvent event) {
    event
        .messageStart()
        .ifPresent(
            start -> {
              call.answeredBy(start.message().model().asString());
              call.inputTokens(start.message().usage().inputTokens());
            });
    event.contentBlockDelta().ifPresent(delta -> read(call, delta.delta()));
    event
        .messageDelta()
        .ifPresent(
            delta -> {
              delta
                  .delta()
                  .stopReason()
                  .ifPresent(reason -> call.endedBy(Ending.of(reason.asString())));
              call.outputTokens(delta.usage().outputTokens());
            });
  }

  private static void read(LlmCall call, RawContentBlockDelta delta) {
    delta.text().ifPresent(text -> call.text(text.text()));
    delta.inputJson().ifPresent(json -> call.toolCall());
    delta.thinking().ifPresent(thinking -> call.content());
  }
}
