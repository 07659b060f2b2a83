package io.breakwater.collector.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import java.io.UncheckedIOException;
import java.util.List;

/** Bodies of the API: JSON, and {@code {"error", "expected"}} when something is wrong. */
final class Answers {
  static final ObjectMapper JSON = new ObjectMapper();
  static final MediaType NDJSON = MediaType.parse("application/x-ndjson");

  private Answers() {}

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static HttpResponse json(JsonNode body) {
    return json(HttpStatus.OK, body);
  }

  static HttpResponse json(HttpStatus status, JsonNode body) {
    return HttpResponse.of(head(status, MediaType.JSON_UTF_8), HttpData.ofUtf8(text(body) + "\n"));
  }

  static HttpResponse lines(List<JsonNode> records) {
    StringBuilder lines = new StringBuilder();
    records.forEach(entry -> lines.append(text(entry)).append('\n'));
    return HttpResponse.of(head(HttpStatus.OK, NDJSON), HttpData.ofUtf8(lines));
  }

  static HttpResponse error(ApiException e) {
    ResponseHeadersBuilder head = head(e.status(), MediaType.JSON_UTF_8).toBuilder();
    if (e.retrySeconds() > 0) {
      head.set("retry-after", String.valueOf(e.retrySeconds()));
    }
    JsonNode body = object().put("error", e.error()).put("expected", e.expected());
    return HttpResponse.of(head.build(), HttpData.ofUtf8(text(body) + "\n"));
  }

  static String text(JsonNode body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree is always writable", e);
    }
  }

  private static ResponseHeaders head(HttpStatus status, MediaType type) {
    return ResponseHeaders.builder(status)
        .contentType(type)
        .set("cache-control", "no-store")
        .set("x-content-type-options", "nosniff")
        .build();
  }
}
