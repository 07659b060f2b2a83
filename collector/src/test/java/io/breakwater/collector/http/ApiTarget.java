package io.breakwater.collector.http;

import static io.breakwater.collector.fuzz.FuzzTarget.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.breakwater.collector.access.AccessMetrics;
import io.breakwater.collector.access.Gate;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.Listen;
import io.breakwater.collector.config.ConfigDiff;
import io.breakwater.collector.fuzz.FuzzTarget;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Requests to the API: {@code METHOD PATH}, an empty line, the body. Every answer is below 500, and
 * says in JSON what is wrong and what would be right when something is.
 */
public final class ApiTarget implements FuzzTarget {
  /** The server refuses longer request lines. */
  private static final int MAX_HEAD = 4096;

  private final FakeModels models = FakeModels.credit();
  private final Router router;

  public ApiTarget() {
    CollectorConfig config =
        new CollectorConfig("b.yaml", "d", Listen.DEFAULTS, List.of(), List.of(), List.of());
    Api api =
        new Api(
            models,
            by -> new HttpFace.Reloaded(config, ConfigDiff.between(config, config)),
            Clock.fixed(FakeModels.NOW, ZoneOffset.UTC));
    router =
        new Router(
            api.routes(),
            new Gate(() -> config, new AccessMetrics(new PrometheusRegistry()), System::nanoTime));
  }

  @Override
  public String name() {
    return "api";
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
            "GET /api/v1/models\n\n",
            "POST /api/v1/breakers/credit/2/trip\n\n"
                + "{\"reason\": \"x\", \"by\": \"ann\", \"expires\": \"1h\"}",
            "POST /api/v1/breakers/credit/2/approve\n\n{\"reason\": \"x\", \"decision\": \"d\"}",
            "GET /api/v1/decisions?model=credit&since=24h&limit=5\n\n",
            "GET /api/v1/decisions/20261121T022000.330Z-credit-2-1\n\n",
            "GET /api/v1/models/credit/versions/2/signals/errors\n\n",
            "PUT /api/v1/references/credit\n\n{\"format\": \"breakwater-reference\", \"version\": 1}",
            "POST /api/v1/config/reload\n\n",
            "GET /api/v1/breakers\n\n")
        .stream()
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  @Override
  public List<String> words() {
    return List.of(
        "%2F",
        "%00",
        "%ff",
        "%",
        "?",
        "&",
        "=",
        "/",
        "//",
        "..",
        "\"reason\"",
        "\"expires\"",
        "null",
        "{",
        "}",
        "[",
        "]",
        "\\u0000",
        "\\ud800",
        "9999999d",
        "2026-11-21T02:20:00Z",
        "hold",
        "reset",
        "POST ",
        "PUT ",
        "-999999999-01-01T00:00:00Z",
        "limit=",
        "since=");
  }

  @Override
  public String run(byte[] input) throws Exception {
    String text = new String(input, StandardCharsets.UTF_8);
    int end = text.indexOf("\n\n");
    String head = end < 0 ? text : text.substring(0, end);
    int space = head.indexOf(' ');
    if (space < 0 || head.length() > MAX_HEAD) {
      return "no request";
    }
    HttpRequest request = request(head, space, end < 0 ? "" : text.substring(end + 2));
    if (request == null) {
      return "no path";
    }
    AggregatedHttpResponse answer =
        router.serve(ServiceRequestContext.of(request), request).aggregate().get();
    models.orders.clear();
    models.pinned.clear();
    int status = answer.status().code();
    check(status < 500, status + ": " + answer.contentUtf8());
    check(answer.content().length() < 1 << 20, "an answer of " + answer.content().length());
    if (status == 200) {
      return "ok " + space;
    }
    JsonNode error = Answers.JSON.readTree(answer.content().array());
    check(error.hasNonNull("error") && error.hasNonNull("expected"), "no reason: " + error);
    return status + FuzzTarget.way(error.path("error").asText());
  }

  private static HttpRequest request(String head, int space, String body) {
    try {
      RequestHeaders headers =
          RequestHeaders.builder(
                  HttpMethod.valueOf(head.substring(0, space)), head.substring(space + 1))
              .scheme("http")
              .authority("localhost")
              .set("x-breakwater-request", "1")
              .build();
      HttpRequest request = HttpRequest.of(headers, HttpData.ofUtf8(body));
      ServiceRequestContext unused = ServiceRequestContext.of(request);
      return request;
    } catch (IllegalArgumentException | IllegalStateException | StackOverflowError e) {
      return null; // the server refuses it, or Armeria's context for tests cannot be made of it
    }
  }
}
