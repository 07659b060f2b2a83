package io.breakwater.collector.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One decision in one screen: what, when, why, what was done, whether it worked. */
final class DecisionScreen {
  private static final int LABEL = 11;

  private final List<JsonNode> records;
  private final List<String> lines = new ArrayList<>();
  private @Nullable String label;

  private DecisionScreen(List<JsonNode> records) {
    this.records = records;
  }

  /**
   * The lines.
   *
   * @param records the audit records of one decision, oldest first, at least one
   */
  static List<String> lines(List<JsonNode> records) {
    return new DecisionScreen(records).draw();
  }

  private List<String> draw() {
    JsonNode first = records.get(0);
    lines.add("Decision " + text(first, "decision"));
    lines.add("");
    section("what", what(first));
    section("when", Texts.time(text(first, "at")) + " by " + text(first, "by"));
    section("why", text(first, "reason"));
    JsonNode evidence = with("evidence");
    if (evidence != null) {
      evidence(evidence.path("evidence"));
    }
    JsonNode shift = with("shift");
    if (shift != null) {
      action(shift.path("shift"));
    }
    outcome();
    if (evidence != null) {
      times(evidence);
    }
    section("policy", text(first, "policy"));
    label = "records";
    records.forEach(
        entry ->
            add(
                String.format(
                    Locale.ROOT,
                    "%s %s, hash %s",
                    entry.path("seq").asText(),
                    text(entry, "kind"),
                    text(entry, "hash"))));
    return lines;
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }

  private @Nullable JsonNode with(String field) {
    return records.stream().filter(entry -> entry.hasNonNull(field)).findFirst().orElse(null);
  }

  private String what(JsonNode first) {
    StringBuilder states = new StringBuilder(text(first, "from"));
    String last = states.toString();
    for (JsonNode entry : records) {
      String to = text(entry, "to");
      if (!to.equals(last)) {
        states.append(" -> ").append(to);
        last = to;
      }
    }
    String version = first.hasNonNull("version") ? ", version " + text(first, "version") : "";
    return "model " + text(first, "model") + version + ": " + states;
  }

  private void evidence(JsonNode evidence) {
    label = "evidence";
    add("guardrail " + text(evidence, "guardrail"));
    add(arm(text(evidence, "version"), evidence, "seen", "bad"));
    if (evidence.hasNonNull("against") && evidence.path("againstSeen").asLong() > 0) {
      add(arm(text(evidence, "against"), evidence, "againstSeen", "againstBad"));
    }
    for (Map.Entry<String, JsonNode> type : evidence.path("errorTypes").properties()) {
      add(type.getValue().asText() + " x " + type.getKey());
    }
    add(
        "from "
            + Texts.time(text(evidence, "since"))
            + " to "
            + Texts.time(text(evidence, "until")));
    section("threshold", threshold(evidence));
  }

  private static String arm(String version, JsonNode evidence, String seen, String bad) {
    long all = evidence.path(seen).asLong();
    long some = evidence.path(bad).asLong();
    String share = all == 0 ? "" : " (" + Texts.percent((double) some / all) + ")";
    String unit = text(evidence, "unit");
    String what = text(evidence, "what");
    return "version " + version + ": " + some + " of " + all + " " + unit + " " + what + share;
  }

  private static String threshold(JsonNode evidence) {
    double value = evidence.path("logEvidence").asDouble();
    double limit = evidence.path("logThreshold").asDouble();
    return String.format(
        Locale.ROOT,
        "ln evidence %.2f %s ln threshold %.2f; taken as normal: %s",
        value,
        value >= limit ? ">=" : "<",
        limit,
        Texts.percent(evidence.path("baseline").asDouble()));
  }

  private void action(JsonNode shift) {
    section(
        "action",
        String.format(
            Locale.ROOT,
            "share of version %s to %s, version %s takes the difference (shift %s)",
            text(shift, "version"),
            Texts.percent(shift.path("share").asDouble()),
            text(shift, "target"),
            text(shift, "id")));
  }

  private void outcome() {
    label = "outcome";
    for (JsonNode entry : records.subList(1, records.size())) {
      add(
          Texts.time(text(entry, "at"))
              + " "
              + text(entry, "kind")
              + " "
              + text(entry, "reason")
              + by(entry));
    }
    label = null;
  }

  private static String by(JsonNode entry) {
    String by = text(entry, "by");
    return by.equals("breakwater") ? "" : " (by " + by + ")";
  }

  private void times(JsonNode decided) {
    Instant since = time(decided.path("evidence"), "since");
    Instant at = time(decided, "at");
    Instant moved =
        records.stream()
            .filter(entry -> text(entry, "kind").equals("VERIFIED"))
            .findFirst()
            .map(entry -> time(entry, "at"))
            .orElse(null);
    if (since == null || at == null) {
      return;
    }
    section(
        "time",
        "first bad evidence to decision "
            + seconds(since, at)
            + (moved == null ? "" : ", to verified move " + seconds(since, moved)));
  }

  private static String seconds(Instant from, Instant to) {
    return String.format(Locale.ROOT, "%.3f s", Duration.between(from, to).toNanos() / 1e9);
  }

  private static @Nullable Instant time(JsonNode node, String field) {
    try {
      return Instant.parse(text(node, field));
    } catch (DateTimeException e) {
      return null; // then there is no time to tell
    }
  }

  private void section(String name, String text) {
    label = name;
    add(text);
  }

  /** The label stands before its first line only. */
  private void add(String text) {
    String before = label == null ? "" : label;
    lines.add(before + " ".repeat(LABEL - before.length()) + text);
    label = null;
  }
}
