package io.breakwater.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.http.FakeModels;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class WatchViewTest {
  private final StringWriter text = new StringWriter();
  private final PrintWriter out = new PrintWriter(text);
  private final JsonNode trip = FakeModels.read("trip.ndjson").get(0);

  @Test
  void lines_areOnePerChange() throws Exception {
    WatchView view = WatchView.lines(out);

    view.event("model", model("PASS"));
    view.event("model", model("PASS"));
    view.event("model", model("BREACH"));
    view.event("decision", trip);

    assertThat(text.toString().lines())
        .containsExactly(
            "2026-11-21T02:20:00Z credit 2: errors PASS",
            "2026-11-21T02:20:00Z credit 2: errors PASS -> BREACH",
            "2026-11-21T02:20:00.330Z credit 2 TRIPPED CLOSED -> TRIPPING: errors against stable"
                + " breached: 16 of 31 calls of version 2 failed (52 %), 1 of 119 of version 1"
                + " (0.8 %)");
  }

  @Test
  void json_isOneEventPerLine() throws Exception {
    WatchView.json(out).event("decision", trip);

    JsonNode line = ApiClient.JSON.readTree(text.toString());
    assertThat(line.path("event").asText()).isEqualTo("decision");
    assertThat(line.path("data")).isEqualTo(trip);
  }

  @Test
  void screen_redrawsTableAndLatest() throws Exception {
    WatchView view = WatchView.screen(new PlainPrinter(out));
    view.event("model", model("PASS"));
    text.getBuffer().setLength(0);
    view.event("decision", trip);

    assertThat(text.toString())
        .startsWith("\u001b[H\u001b[2JMODEL ")
        .contains("errors PASS")
        .contains("credit 2 TRIPPED");
  }

  private static JsonNode model(String verdict) throws Exception {
    return ApiClient.JSON.readTree(
        "{\"model\":\"credit\",\"at\":\"2026-11-21T02:20:00Z\",\"versions\":[{\"version\":\"2\","
            + "\"breaker\":{\"state\":\"CLOSED\"},\"verdicts\":[{\"guardrail\":\"errors\","
            + "\"verdict\":\""
            + verdict
            + "\"}]}]}");
  }
}
