package io.breakwater.collector.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.common.HttpStatus;
import io.breakwater.collector.config.Nearest;
import io.breakwater.collector.config.Values;
import io.breakwater.engine.Event.Verb;
import java.time.Duration;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The body of an order: {@code {"reason", "by", "expires", "decision"}}. */
record OrderBody(
    String reason, @Nullable String by, @Nullable Duration expires, @Nullable String decision) {
  private static final Set<String> KEYS = Set.of("reason", "by", "expires", "decision");
  private static final int MAX_REASON = 1000;
  private static final int MAX_NAME = 200;
  private static final Set<Verb> EXPIRING = Set.of(Verb.TRIP, Verb.HOLD, Verb.DISABLE);

  static OrderBody parse(Verb verb, String text) throws ApiException {
    JsonNode json = json(text);
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!KEYS.contains(name)) {
        throw wrong(name + ": unknown key", "the nearest known key: " + Nearest.to(name, KEYS));
      }
    }
    String reason = text(json, "reason");
    if (reason == null) {
      throw wrong("reason: missing", "why, for the record: {\"reason\": \"...\"}");
    }
    String decision = text(json, "decision");
    if ((verb == Verb.APPROVE) != (decision != null)) {
      throw verb == Verb.APPROVE
          ? wrong("decision: missing", "the id of the decision to approve")
          : wrong("decision: " + decision, "none; only approve takes one");
    }
    return new OrderBody(reason, text(json, "by"), expires(verb, json), decision);
  }

  private static JsonNode json(String text) throws ApiException {
    try {
      JsonNode json = Answers.JSON.readTree(text);
      if (json != null && json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      throw new ApiException(
          HttpStatus.BAD_REQUEST,
          "the body is not JSON: " + e.getOriginalMessage(),
          "an object such as {\"reason\": \"...\"}",
          e);
    }
    throw wrong("the body is not a JSON object", "an object such as {\"reason\": \"...\"}");
  }

  private static @Nullable String text(JsonNode json, String key) throws ApiException {
    JsonNode value = json.get(key);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw wrong(key + ": " + shown(value.toString()), "a text");
    }
    String text = value.textValue();
    int most = key.equals("reason") ? MAX_REASON : MAX_NAME;
    if (text.length() > most || text.chars().anyMatch(Character::isISOControl)) {
      throw wrong(
          key + ": " + shown(value.toString()),
          "at most " + most + " characters without line breaks or control characters");
    }
    return text;
  }

  private static String shown(String text) {
    return text.length() > MAX_NAME ? text.substring(0, MAX_NAME) + "..." : text;
  }

  private static @Nullable Duration expires(Verb verb, JsonNode json) throws ApiException {
    String text = text(json, "expires");
    if (text == null) {
      return null;
    }
    if (!EXPIRING.contains(verb)) {
      throw wrong(
          "expires: " + text, "none; " + verb.name().toLowerCase(Locale.ROOT) + " does not end");
    }
    try {
      return Values.duration(text);
    } catch (IllegalArgumentException e) {
      throw new ApiException(
          HttpStatus.BAD_REQUEST, "expires: " + text, String.valueOf(e.getMessage()), e);
    }
  }

  private static ApiException wrong(String error, String expected) {
    return new ApiException(HttpStatus.BAD_REQUEST, error, expected);
  }
}
