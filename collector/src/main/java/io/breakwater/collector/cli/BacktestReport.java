package io.breakwater.collector.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.collector.backtest.Breach;
import io.breakwater.collector.backtest.Judged;
import io.breakwater.collector.csv.RowRange;
import io.breakwater.collector.store.EngineJson;
import io.breakwater.engine.policy.Then;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a backtest found, for people or programs.
 *
 * @param quiet rows in which a breach is a false alarm
 * @param changes rows from which on the data is different, ascending
 */
record BacktestReport(List<RowRange> quiet, List<Long> changes) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int MAX_SHOWN = 3;

  BacktestReport {
    quiet = List.copyOf(quiet);
    changes = List.copyOf(changes);
  }

  private record Trip(long row, String guardrail) {}

  String json(long rows, List<Judged> judged) {
    ObjectNode report = MAPPER.createObjectNode().put("rows", rows);
    ArrayNode guardrails = report.putArray("guardrails");
    judged.forEach(one -> guardrails.add(json(one)));
    ArrayNode trips = report.putArray("trips");
    for (Trip trip : trips(judged)) {
      trips.addObject().put("row", trip.row).put("guardrail", trip.guardrail);
    }
    return report.toString();
  }

  private ObjectNode json(Judged one) {
    ObjectNode json =
        MAPPER.createObjectNode().put("guardrail", one.guardrail()).put("signal", one.signal());
    ArrayNode breaches = json.putArray("breaches");
    for (Breach breach : one.breaches()) {
      ObjectNode node = breaches.addObject().put("row", breach.row());
      try {
        node.set("evidence", MAPPER.readTree(EngineJson.write(breach.evidence())));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("evidence is written as JSON", e);
      }
    }
    json.put("false_alarms", one.falseAlarms(quiet));
    ArrayNode delays = json.putArray("delays");
    one.delays(changes).forEach(delays::add);
    if (!one.note().isEmpty()) {
      json.put("note", one.note());
    }
    return json;
  }

  private static List<Trip> trips(List<Judged> judged) {
    return judged.stream()
        .filter(one -> one.then() == Then.TRIP)
        .flatMap(
            one -> one.breaches().stream().map(breach -> new Trip(breach.row(), one.guardrail())))
        .sorted(Comparator.comparingLong(Trip::row).thenComparing(Trip::guardrail))
        .toList();
  }

  List<String> lines(long rows, List<Judged> judged) {
    Table table = new Table();
    List<String> header = new ArrayList<>(List.of("GUARDRAIL", "BREACHES", "FIRST AT ROW"));
    if (!quiet.isEmpty()) {
      header.add("FALSE ALARMS");
    }
    changes.forEach(change -> header.add("ROWS AFTER " + number(change)));
    table.row(header.toArray(String[]::new));
    judged.forEach(one -> table.row(cells(one)));
    List<String> lines = new ArrayList<>(table.lines());
    for (Judged one : judged) {
      lines.addAll(details(one));
    }
    lines.add("");
    lines.add(verdict(rows, judged));
    return lines;
  }

  private String[] cells(Judged one) {
    List<String> cells = new ArrayList<>();
    boolean none = one.breaches().isEmpty();
    cells.add(one.guardrail());
    cells.add(none ? "none" : number(one.breaches().size()));
    cells.add(none ? "-" : number(one.breaches().get(0).row()));
    if (!quiet.isEmpty()) {
      cells.add(number(one.falseAlarms(quiet)));
    }
    for (@Nullable Long delay : one.delays(changes)) {
      cells.add(delay == null ? "-" : number(delay));
    }
    return cells.toArray(String[]::new);
  }

  private static List<String> details(Judged one) {
    List<String> lines = new ArrayList<>();
    if (!one.note().isEmpty()) {
      lines.add(one.guardrail() + ": no verdict: " + one.note());
    }
    for (Breach breach : one.breaches().subList(0, Math.min(MAX_SHOWN, one.breaches().size()))) {
      lines.add(
          one.guardrail()
              + " at row "
              + number(breach.row())
              + ": "
              + breach.evidence().sentence());
    }
    if (one.breaches().size() > MAX_SHOWN) {
      lines.add(
          one.guardrail() + ": " + number(one.breaches().size() - MAX_SHOWN) + " more breaches");
    }
    if (!lines.isEmpty()) {
      lines.add(0, "");
    }
    return lines;
  }

  private static String verdict(long rows, List<Judged> judged) {
    long breached = judged.stream().filter(one -> !one.breaches().isEmpty()).count();
    int trips = trips(judged).size();
    return String.format(
        Locale.ROOT,
        "%,d rows, %,d guardrails: %,d breached; %,d breaches lead to a trip",
        rows,
        judged.size(),
        breached,
        trips);
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
