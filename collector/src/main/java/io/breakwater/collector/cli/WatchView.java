package io.breakwater.collector.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What {@code watch} makes of events. Used by one thread. */
interface WatchView {
  /** An event of {@code GET /api/v1/events}. */
  void event(String name, JsonNode data);

  /** Every event as it is. */
  static WatchView json(PrintWriter out) {
    return (name, data) -> {
      var line = ApiClient.JSON.createObjectNode().put("event", name);
      line.set("data", data);
      out.println(line);
      out.flush();
    };
  }

  /** A line for every record, and for every verdict that changes. */
  static WatchView lines(PrintWriter out) {
    Map<String, String> verdicts = new HashMap<>();
    return (name, data) -> {
      if (name.equals("decision")) {
        out.println(Texts.line(data));
      } else if (name.equals("model")) {
        changes(data, verdicts, out);
      }
      out.flush();
    };
  }

  private static void changes(JsonNode model, Map<String, String> seen, PrintWriter out) {
    for (JsonNode version : model.path("versions")) {
      for (JsonNode verdict : version.path("verdicts")) {
        String what =
            model.path("model").asText()
                + " "
                + version.path("version").asText()
                + ": "
                + verdict.path("guardrail").asText();
        String now = verdict.path("verdict").asText();
        String before = seen.put(what, now);
        if (!now.equals(before)) {
          String change = before == null ? now : before + " -> " + now;
          out.println(Texts.time(model.path("at").asText()) + " " + what + " " + change);
        }
      }
    }
  }

  /** The status table and the latest records, redrawn at every event. */
  static WatchView screen(PlainPrinter out) {
    Map<String, JsonNode> models = new TreeMap<>();
    Deque<String> latest = new ArrayDeque<>();
    return (name, data) -> {
      if (name.equals("model")) {
        models.put(data.path("model").asText(), data);
      } else if (name.equals("decision")) {
        latest.addFirst(Texts.line(data));
        if (latest.size() > 10) {
          latest.removeLast();
        }
      }
      StringBuilder screen = new StringBuilder();
      StatusView.lines(models.values()).forEach(line -> screen.append(line).append('\n'));
      screen.append('\n');
      latest.forEach(line -> screen.append(line).append('\n'));
      out.clearScreen();
      out.print(screen);
      out.flush();
    };
  }
}
