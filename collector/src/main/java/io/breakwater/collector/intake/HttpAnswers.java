package io.breakwater.collector.intake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import java.nio.charset.StandardCharsets;

/** Replies as OTLP/HTTP has them: in the encoding of the request. */
final class HttpAnswers {
  private static final MediaType PROTOBUF = MediaType.parse("application/x-protobuf");

  private HttpAnswers() {}

  static HttpResponse of(Reply reply, boolean json) {
    if (reply.status() == Reply.Status.UNSUPPORTED) {
      return HttpResponse.of(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE, MediaType.PLAIN_TEXT_UTF_8, reply.message() + "\n");
    }
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(HttpStatus.valueOf(reply.status().http))
            .contentType(json ? MediaType.JSON : PROTOBUF);
    if (reply.status().retryable) {
      headers.set("retry-after", String.valueOf(reply.retrySeconds()));
    }
    byte[] body;
    if (json) {
      body = json(reply).toString().getBytes(StandardCharsets.UTF_8);
    } else if (reply.status() == Reply.Status.TAKEN) {
      body = ProtoWriter.response(reply);
    } else {
      body = ProtoWriter.status(reply);
    }
    return HttpResponse.of(headers.build(), HttpData.wrap(body));
  }

  private static ObjectNode json(Reply reply) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (reply.status() != Reply.Status.TAKEN) {
      json.put("code", reply.status().rpc).put("message", reply.message());
    } else if (reply.isPartial()) {
      json.putObject("partialSuccess")
          .put("rejectedDataPoints", String.valueOf(reply.rejected()))
          .put("errorMessage", reply.message());
    }
    return json;
  }
}
