package io.breakwater.collector.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.engine.DecisionRecord.Kind;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Alerts as Alertmanager takes them. Some fire until a later record resolves them; the others end
 * by themselves.
 */
enum AlertmanagerAlert {
  /** A version is out of traffic. */
  BREAKER_OPEN("BreakwaterBreakerOpen", "critical", true),
  /** Traffic could not be moved. */
  ACTION_FAILED("BreakwaterActionFailed", "critical", true),
  /** Somebody moved the traffic back. */
  REVERTED("BreakwaterTrafficReverted", "critical", true),
  /** A person has to decide. */
  APPROVAL("BreakwaterApprovalNeeded", "critical", true),
  /** An agent is silent. */
  BLIND("BreakwaterAgentBlind", "warning", true),
  /** Stable and canary fail alike. */
  UPSTREAM("BreakwaterModelUpstream", "critical", false),
  /** There is nowhere to go. */
  NO_SAFE_TARGET("BreakwaterNoSafeTarget", "critical", false),
  /** One instance is to blame, not the version. */
  INSTANCE("BreakwaterInstance", "warning", false),
  /** A guardrail that only tells. */
  BREACHED("BreakwaterGuardrailBreached", "warning", false),
  /** A breaker that only observes. */
  WOULD_TRIP("BreakwaterWouldTrip", "warning", false);

  /** How long an alert lasts that nothing resolves. */
  private static final Duration LASTS = Duration.ofMinutes(15);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String alertname;
  private final String severity;
  private final boolean resolvable;

  AlertmanagerAlert(String alertname, String severity, boolean resolvable) {
    this.alertname = alertname;
    this.severity = severity;
    this.resolvable = resolvable;
  }

  /** The alert that a record of this kind raises, or null. */
  static @Nullable AlertmanagerAlert raisedBy(Kind kind) {
    return switch (kind) {
      case TRIPPED, FORCED_OPEN -> BREAKER_OPEN;
      case FAILED -> ACTION_FAILED;
      case REVERTED -> REVERTED;
      case APPROVAL_REQUESTED -> APPROVAL;
      case BLIND -> BLIND;
      case UPSTREAM -> UPSTREAM;
      case NO_SAFE_TARGET -> NO_SAFE_TARGET;
      case INSTANCE -> INSTANCE;
      case BREACHED -> BREACHED;
      case WOULD_TRIP -> WOULD_TRIP;
      default -> null;
    };
  }

  /** Whether a record says that the alert is over. */
  boolean isResolvedBy(Kind kind, JsonNode record) {
    return switch (this) {
      case BLIND -> kind == Kind.SEEING_AGAIN;
      case ACTION_FAILED -> kind == Kind.VERIFIED || endsEpisode(kind, record);
      case APPROVAL -> kind == Kind.APPROVED || kind == Kind.TRIPPED || endsEpisode(kind, record);
      case BREAKER_OPEN, REVERTED -> endsEpisode(kind, record);
      default -> false;
    };
  }

  private static boolean endsEpisode(Kind kind, JsonNode record) {
    return switch (kind) {
      case RESET, ENDED, PROMOTED, FORCED_CLOSED, DISABLED -> true;
      default -> record.path("to").asText().equals("CLOSED");
    };
  }

  /** Whether a body says that its alert fires until further notice. */
  static boolean isFiring(String body) {
    return !read(body).has("endsAt");
  }

  /** Whether a body says that its alert is over. */
  static boolean isResolved(String body) {
    return !read(body).has("startsAt");
  }

  private static JsonNode read(String body) {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** What later records find the alert by. */
  String key(JsonNode record) {
    return alertname + "/" + record.path("model").asText() + "/" + record.path("version").asText();
  }

  /** The alert, from now on. */
  String raised(JsonNode record) {
    Instant at = Instant.parse(record.path("at").asText());
    return body(record, at, resolvable ? null : at.plus(LASTS));
  }

  /** The alert, over since the record. */
  String resolved(JsonNode record) {
    Instant at = Instant.parse(record.path("at").asText());
    return body(record, null, at);
  }

  private String body(JsonNode record, @Nullable Instant startsAt, @Nullable Instant endsAt) {
    ObjectNode alert = MAPPER.createObjectNode();
    ObjectNode labels = alert.putObject("labels");
    labels
        .put("alertname", alertname)
        .put("severity", severity)
        .put("model", record.path("model").asText());
    if (record.hasNonNull("version")) {
      labels.put("version", record.path("version").asText());
    }
    alert
        .putObject("annotations")
        .put("summary", record.path("reason").asText())
        .put("decision", record.path("decision").asText())
        .put("evidence", record.path("evidence").path("sentence").asText())
        .put("head", record.path("hash").asText());
    if (startsAt != null) {
      alert.put("startsAt", startsAt.toString());
    }
    if (endsAt != null) {
      alert.put("endsAt", endsAt.toString());
    }
    return alert.toString();
  }
}
