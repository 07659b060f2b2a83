package io.breakwater.backend.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.breakwater.engine.backend.Plan;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The CloudEvent that asks a target for new shares (CloudEvents 1.0, structured JSON). */
final class ShiftEvent {
  static final String TYPE = "io.breakwater.traffic.shift";
  static final String CONTENT_TYPE = "application/cloudevents+json";

  private ShiftEvent() {}

  /**
   * The event of one attempt. Its {@code id} is the plan's, so that a receiver knows a repetition.
   */
  static byte[] encode(Plan plan, Instant now, ObjectMapper mapper) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("model", plan.shift().model());
    data.put("weights", new TreeMap<>(plan.after()));
    data.put("decision", plan.shift().decision());
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("specversion", "1.0");
    event.put("id", plan.id());
    event.put("source", "/breakwater");
    event.put("type", TYPE);
    event.put("subject", plan.shift().model());
    event.put("time", now.truncatedTo(ChronoUnit.MILLIS).toString());
    event.put("datacontenttype", "application/json");
    event.put("data", data);
    try {
      return mapper.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers always make JSON", e);
    }
  }
}
