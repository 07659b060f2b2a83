package io.breakwater.agent.instrumentation.openai.advice;

import com.openai.core.JsonField;
import com.openai.models.ResponsesModel;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseOutputMessage;
import com.openai.models.responses.ResponseStreamEvent;
import io.breakwater.agent.core.llm.Ending;
import io.breakwater.agent.core.llm.LlmCall;
import io.breakwater.agent.core.llm.LlmRequest;
import io.breakwater.agent.core.record.Recorder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Follows responses. */
public final class ResponsesAdvice extends OpenAiAdvice<Response, ResponseStreamEvent> {
  /** For the linker. */
  public ResponsesAdvice(Recorder recorder) {
    super(recorder, ResponsesAdvice::read, ResponsesAdvice::read);
  }

  @Override
  @SuppressWarnings("deprecation") // the one way to the metadata in every version
  protected @Nullable LlmRequest request(Object self, @Nullable Object[] arguments) {
    ResponseCreateParams params = (ResponseCreateParams) arguments[0];
    if (params == null) {
      return null;
    }
    LlmRequest request = LlmRequest.of(LlmRequest.CHAT, PROVIDER, text(params._model()));
    return named(
        request, params.metadata().map(each -> each._additionalProperties()).orElse(Map.of()));
  }

  /** Read from the field: its accessor is of another type in another version. */
  private static String text(JsonField<ResponsesModel> model) {
    return model.asKnown().map(ResponsesAdvice::name).orElse("");
  }

  private static String name(ResponsesModel model) {
    return model
        .string()
        .or(() -> model.chat().map(chat -> chat.asString()))
        .orElseGet(() -> model.only().map(only -> only.asString()).orElse(""));
  }

  private static void read(LlmCall call, Response answer) {
    for (ResponseOutputItem item : answer.output()) {
      item.message().ifPresent(message -> read(call, message));
      item.functionCall().ifPresent(tool -> call.toolCall());
    }
    readEnd(call, answer);
  }

  private static void read(LlmCall call, ResponseOutputMessage message) {
    for (ResponseOutputMessage.Content content : message.content()) {
      content.outputText().ifPresent(text -> call.text(text.text()));
      content.refusal().ifPresent(refusal -> call.refused());
    }
  }

  private static void read(LlmCall call, ResponseStreamEvent event) {
    event.outputTextDelta().ifPresent(delta -> call.text(delta.delta()));
    event.refusalDelta().ifPresent(delta -> call.refused());
    event.functionCallArgumentsDelta().ifPresent(delta -> call.toolCall());
    event.completed().ifPresent(end -> readEnd(call, end.response()));
    event.incomplete().ifPresent(end -> readEnd(call, end.response()));
    event.failed().ifPresent(end -> readEnd(call, end.response()));
    event
        .error()
        .ifPresent(
            error -> call.fail(error.code().filter(code -> !code.isEmpty()).orElse("error")));
  }

  private static void readEnd(LlmCall call, Response answer) {
    call.answeredBy(text(answer._model()));
    answer
        .usage()
        .ifPresent(
            usage -> {
              call.inputTokens(usage.inputTokens());
              call.outputTokens(usage.outputTokens());
            });
    answer.status().ifPresent(status -> call.endedBy(Ending.of(status.asString())));
    answer
        .incompleteDetails()
        .flatMap(details -> details.reason())
        .ifPresent(reason -> call.endedBy(Ending.of(reason.asString())));
    answer.error().ifPresent(error -> call.fail(error.code().asString()));
  }
}
