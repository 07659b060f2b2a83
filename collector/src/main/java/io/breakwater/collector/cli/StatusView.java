package io.breakwater.collector.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Models as the API shows them, as a table for people. */
final class StatusView {
  /** States in which a version is out of traffic, on its way out, or waits for a person. */
  private static final Set<String> FINDINGS =
      Set.of(
          "PENDING_APPROVAL",
          "TRIPPING",
          "OPEN",
          "HALF_OPEN",
          "FAILED_ACTION",
          "REVERTED",
          "FORCED_OPEN");

  private StatusView() {}

  /** The lines; {@code models} is the list of {@code GET /api/v1/models}. */
  static List<String> lines(Iterable<JsonNode> models) {
    Table table = new Table();
    table.row("MODEL", "VERSION", "SHARE", "STANDING", "BREAKER", "SINCE", "VERDICTS");
    List<String> remarks = new ArrayList<>();
    boolean any = false;
    for (JsonNode model : models) {
      for (JsonNode version : model.path("versions")) {
        row(table, model, version);
        any = true;
      }
      remark(model, remarks);
    }
    List<String> lines =
        new ArrayList<>(any ? table.lines() : List.of("No calls of any model were seen yet."));
    lines.addAll(remarks);
    return lines;
  }

  private static void row(Table table, JsonNode model, JsonNode version) {
    JsonNode breaker = version.path("breaker");
    String name = version.path("version").asText();
    boolean stable = name.equals(model.path("stable").asText());
    table.row(
        model.path("model").asText(),
        name + (stable ? " (stable)" : ""),
        Texts.percent(version.path("share").asDouble()),
        version.path("standing").asText(),
        breaker.path("state").asText() + (breaker.path("latched").asBoolean() ? " latched" : ""),
        Texts.time(breaker.path("since").asText()),
        verdicts(version));
  }

  private static String verdicts(JsonNode version) {
    List<String> verdicts = new ArrayList<>();
    for (JsonNode verdict : version.path("verdicts")) {
      verdicts.add(verdict.path("guardrail").asText() + " " + verdict.path("verdict").asText());
    }
    int hidden = version.at("/drift/judged").asInt() - version.at("/drift/shown").asInt();
    if (hidden > 0) {
      verdicts.add(hidden + " more signals");
    }
    return verdicts.isEmpty() ? "-" : String.join(", ", verdicts);
  }

  private static void remark(JsonNode model, List<String> remarks) {
    String name = model.path("model").asText();
    for (JsonNode finding : model.path("findings")) {
      remarks.add(name + ": " + finding.asText());
    }
    for (JsonNode version : model.path("versions")) {
      for (JsonNode verdict : version.path("verdicts")) {
        if (!verdict.path("note").asText().isEmpty()) {
          remarks.add(
              name
                  + " "
                  + version.path("version").asText()
                  + ": "
                  + verdict.path("guardrail").asText()
                  + ": "
                  + verdict.path("note").asText());
        }
      }
      JsonNode breaker = version.path("breaker");
      if (isFinding(version) && breaker.hasNonNull("decision")) {
        remarks.add(
            name
                + " "
                + version.path("version").asText()
                + ": see breakwater decisions "
                + breaker.path("decision").asText());
      }
    }
  }

  /** Whether the breaker of a version is something that a script should stop at. */
  static boolean isFinding(JsonNode version) {
    return FINDINGS.contains(version.at("/breaker/state").asText());
  }
}
