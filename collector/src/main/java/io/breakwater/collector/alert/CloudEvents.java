package io.breakwater.collector.alert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.engine.DecisionRecord.Kind;
import java.util.Locale;
import java.util.Set;

/**
 * Audit records as CloudEvents 1.0 in structured JSON.
 *
 * <p>{@code data} is the record as journalled, with {@code head}, the hash of the chain when the
 * record was written: its own.
 */
final class CloudEvents {
  /** Where events come from. */
  static final String SOURCE = "urn:breakwater:collector";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Kinds that people need not hear of. */
  private static final Set<Kind> KEPT =
      Set.of(Kind.PROVEN, Kind.SEEING_AGAIN, Kind.APPROVED, Kind.ENDED);

  private CloudEvents() {}

  /** Whether a record of this kind is sent out. */
  static boolean isSent(Kind kind) {
    return !KEPT.contains(kind);
  }

  /** The event's type. */
  static String type(Kind kind) {
    return switch (kind) {
      case BREACHED -> "io.breakwater.guardrail.breached";
      case UPSTREAM -> "io.breakwater.model.upstream";
      case NO_SAFE_TARGET -> "io.breakwater.model.no_safe_target";
      case INSTANCE -> "io.breakwater.model.instance";
      case BLIND -> "io.breakwater.agent.blind";
      default -> "io.breakwater.breaker." + kind.name().toLowerCase(Locale.ROOT);
    };
  }

  /** The event's id: the same at every retry. */
  static String id(JsonNode record, Kind kind) {
    return record.path("decision").asText() + "." + type(kind);
  }

  /** The event for a record. */
  static String of(JsonNode record, Kind kind) {
    ObjectNode data = record.deepCopy();
    data.put("head", record.path("hash").asText());
    return envelope(
        id(record, kind), type(kind), record.path("at").asText(), subject(record), data);
  }

  /** An event with any data. */
  static String envelope(String id, String type, String time, String subject, ObjectNode data) {
    ObjectNode event = MAPPER.createObjectNode();
    event
        .put("specversion", "1.0")
        .put("id", id)
        .put("source", SOURCE)
        .put("type", type)
        .put("time", time)
        .put("subject", subject)
        .put("datacontenttype", "application/json")
        .set("data", data);
    return event.toString();
  }

  private static String subject(JsonNode record) {
    String model = record.path("model").asText();
    return record.hasNonNull("version") ? model + "/" + record.path("version").asText() : model;
  }
}
