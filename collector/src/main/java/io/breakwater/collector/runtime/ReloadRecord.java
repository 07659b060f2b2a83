package io.breakwater.collector.runtime;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.ConfigDiff;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** The audit record of a configuration that was put in force while the collector ran. */
final class ReloadRecord {
  /** Its kind; the engine's kinds are in {@code DecisionRecord.Kind}. */
  static final String KIND = "CONFIG_RELOADED";

  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private ReloadRecord() {}

  static ObjectNode of(Instant at, String by, CollectorConfig config, ConfigDiff diff) {
    ObjectNode record = JsonNodeFactory.instance.objectNode();
    record
        .put("decision", ID.format(at) + "-config-" + config.digest())
        .put("kind", KIND)
        .put("at", at.toString())
        .put("model", "")
        .put("from", "")
        .put("to", "")
        .put("reason", diff.summary())
        .put("by", by)
        .put("policy", config.digest());
    put(record.putArray("changes"), diff.changes());
    put(record.putArray("restart"), diff.restart());
    return record;
  }

  private static void put(ArrayNode array, List<ConfigDiff.Change> changes) {
    changes.forEach(change -> array.add(change.toString()));
  }
}
