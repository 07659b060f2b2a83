package io.breakwater.agent.instrumentation.openai.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.http.StreamResponse;
import com.openai.errors.RateLimitException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.llm.kit.Recorded;
import org.junit.jupiter.api.Test;

class ResponsesAdviceTest extends OpenAiTest {
  private static final String CALLS = "ml.inference.duration";
  private static final String CLASSES = "ml.inference.predictions";
  private static final String MODEL = "{gpt-4o gpt-4o-2024-08-06}";

  private static String response(String status, String more, String output) {
    return "{\"id\":\"r\",\"object\":\"response\",\"created_at\":1,\"model\":\"gpt-4o-2024-08-06\","
        + "\"status\":\""
        + status
        + "\","
        + more
        + "\"output\":["
        + output
        + "],\"parallel_tool_calls\":true,\"tools\":[],\"tool_choice\":\"auto\","
        + "\"usage\":{\"input_tokens\":12,\"input_tokens_details\":{\"cached_tokens\":0},"
        + "\"output_tokens\":3,\"output_tokens_details\":{\"reasoning_tokens\":0},"
        + "\"total_tokens\":15}}";
  }

  private static String message(String content) {
    return "{\"type\":\"message\",\"id\":\"m\",\"role\":\"assistant\",\"status\":\"completed\","
        + "\"content\":["
        + content
        + "]}";
  }

  private static String text(String text) {
    return message("{\"type\":\"output_text\",\"annotations\":[],\"text\":\"" + text + "\"}");
  }

  private static String event(String type, String rest) {
    return "event: "
        + type
        + "\ndata: {\"type\":\""
        + type
        + "\",\"sequence_number\":1,"
        + rest
        + "}";
  }

  private static String delta(String text) {
    return event(
        "response.output_text.delta",
        "\"item_id\":\"m\",\"output_index\":0,\"content_index\":0,\"delta\":\"" + text + "\"");
  }

  private static ResponseCreateParams request() {
    return ResponseCreateParams.builder().model("gpt-4o").input("What do you say?").build();
  }

  private Response create() throws Exception {
    return (Response)
        Recorded.call(
            new ResponsesAdvice(recorded.recorder()),
            client,
            new Object[] {request(), null},
            () -> client.responses().create(request()));
  }

  @SuppressWarnings("unchecked") // what the method returns
  private void readStream() throws Exception {
    try (StreamResponse<ResponseStreamEvent> response =
        (StreamResponse<ResponseStreamEvent>)
            Recorded.call(
                new ResponsesAdvice(recorded.recorder()),
                client,
                new Object[] {request(), null},
                () -> client.responses().createStreaming(request()))) {
      response.stream().forEach(event -> {});
    }
  }

  @Test
  void answer_isACallWithTokensLengthAndEnding() throws Exception {
    server.answers(200, response("completed", "", text("Hello you")));
    create();

    recorded.flush();
    assertThat(recorded.count(CALLS, MODEL)).isEqualTo(1);
    assertThat(recorded.count(CLASSES, "ml.output.class=stop")).isEqualTo(1);
    assertThat(recorded.sum("ml.inference.score{", "answer_length")).isEqualTo(9);
    assertThat(recorded.sum("token.usage", "gen_ai.token.type=input")).isEqualTo(12);
    assertThat(recorded.sum("token.usage", "gen_ai.token.type=output")).isEqualTo(3);
    assertThat(recorded.drops().count(Drops.Reason.UNREADABLE)).isZero();
  }

  @Test
  void endings_areToldApart() throws Exception {
    server
        .answers(
            200, response("completed", "", message("{\"type\":\"refusal\",\"refusal\":\"no\"}")))
        .answers(200, response("completed", "", ""))
        .answers(
            200,
            response(
                "incomplete",
                "\"incomplete_details\":{\"reason\":\"max_output_tokens\"},",
                text("Hel")))
        .answers(
            200,
            response(
                "completed",
                "",
                "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"}"));
    for (int i = 0; i < 4; i++) {
      create();
    }

    recorded.flush();
    for (String ending : new String[] {"refusal", "empty", "length", "tool_calls"}) {
      assertThat(recorded.count(CLASSES, "ml.output.class=" + ending)).as(ending).isEqualTo(1);
    }
    assertThat(recorded.drops().count(Drops.Reason.UNREADABLE)).isZero();
  }

  @Test
  void failure_isAFailure_alsoWhereTheServerAnswersWithIt() throws Exception {
    server
        .answers(429, FAILURE)
        .answers(
            200,
            response("failed", "\"error\":{\"code\":\"server_error\",\"message\":\"no\"},", ""));
    assertThatThrownBy(this::create).isInstanceOf(RateLimitException.class);
    create();

    recorded.flush();
    assertThat(recorded.count(CALLS, "RateLimitException")).isEqualTo(1);
    assertThat(recorded.count(CALLS, MODEL, "error.type=server_error")).isEqualTo(1);
    assertThat(recorded.count(CLASSES)).isZero();
  }

  @Test
  void stream_isReadOnItsWay() throws Exception {
    server.streams(
        event("response.created", "\"response\":" + response("in_progress", "", "")),
        delta("Hello"),
        delta(" you"),
        event(
            "response.completed", "\"response\":" + response("completed", "", text("Hello you"))));
    readStream();

    recorded.flush();
    assertThat(recorded.count(CALLS, MODEL)).isEqualTo(1);
    assertThat(recorded.count(CLASSES, "ml.output.class=stop")).isEqualTo(1);
    assertThat(recorded.sum("ml.inference.score{", "answer_length")).isEqualTo(9);
    assertThat(recorded.sum("token.usage", "gen_ai.token.type=output")).isEqualTo(3);
    assertThat(recorded.count("time_to_first_chunk")).isEqualTo(1);
    assertThat(recorded.drops().count(Drops.Reason.UNREADABLE)).isZero();
  }

  @Test
  void streamThatEndsInAFailure_isAFailure() throws Exception {
    server.streams(
        delta("Hello"),
        event(
            "response.failed",
            "\"response\":"
                + response(
                    "failed", "\"error\":{\"code\":\"server_error\",\"message\":\"no\"},", "")));
    readStream();

    assertThat(recorded.flush().count(CALLS, MODEL, "error.type=server_error")).isEqualTo(1);
    assertThat(recorded.count(CALLS)).isEqualTo(1);
  }

  @Test
  void streamWithoutALastWord_isUnfinished() throws Exception {
    server.streams(delta("Hello"));
    readStream();

    assertThat(recorded.flush().count(CLASSES, "ml.output.class=unfinished")).isEqualTo(1);
  }

  @Test
  void embeddings_areACallWithTokens() throws Exception {
    server
        .answers(
            200,
            "{\"object\":\"list\",\"model\":\"embed-1\",\"data\":[{\"object\":\"embedding\","
                + "\"index\":0,\"embedding\":[0.5,0.25]}],"
                + "\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}")
        .answers(429, FAILURE);
    EmbeddingCreateParams params =
        EmbeddingCreateParams.builder()
            .model("embed")
            .input("a text")
            .encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
            .build();
    EmbeddingsAdvice advice = new EmbeddingsAdvice(recorded.recorder());
    Object[] arguments = {params, null};
    CreateEmbeddingResponse answer =
        (CreateEmbeddingResponse)
            Recorded.call(advice, client, arguments, () -> client.embeddings().create(params));
    assertThatThrownBy(
            () ->
                Recorded.call(advice, client, arguments, () -> client.embeddings().create(params)))
        .isInstanceOf(RateLimitException.class);

    assertThat(answer.data()).hasSize(1);
    recorded.flush();
    assertThat(recorded.count(CALLS, "{embed embed-1}")).isEqualTo(2);
    assertThat(recorded.count(CALLS, "{embed embed-1}", "RateLimitException")).isEqualTo(1);
    assertThat(recorded.sum("token.usage", "operation.name=embeddings", "type=input")).isEqualTo(7);
    assertThat(recorded.count("answer_length")).isZero();
    assertThat(recorded.count(CLASSES)).isZero();
  }
}
