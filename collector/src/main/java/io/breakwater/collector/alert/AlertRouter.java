package io.breakwater.collector.alert;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.AlertTarget;
import io.breakwater.collector.config.CollectorConfig.ModelRule;
import io.breakwater.collector.store.OutboxMessage;
import io.breakwater.engine.DecisionRecord.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Who is told what about an audit record. Safe for use by many threads. */
public final class AlertRouter implements Function<JsonNode, List<OutboxMessage>> {
  private final Supplier<CollectorConfig> config;

  /** A router that asks for the configuration at every record. */
  public AlertRouter(Supplier<CollectorConfig> config) {
    this.config = config;
  }

  @Override
  public List<OutboxMessage> apply(JsonNode record) {
    Kind kind = Kind.valueOf(record.path("kind").asText());
    List<OutboxMessage> messages = new ArrayList<>();
    for (AlertTarget target : targets(record.path("model").asText())) {
      if (target instanceof AlertTarget.Alertmanager) {
        toAlertmanager(target.name(), kind, record, messages);
      } else if (CloudEvents.isSent(kind)) {
        messages.add(
            new OutboxMessage(
                0, target.name(), CloudEvents.id(record, kind), CloudEvents.of(record, kind)));
      }
    }
    return messages;
  }

  private static void toAlertmanager(
      String target, Kind kind, JsonNode record, List<OutboxMessage> messages) {
    for (AlertmanagerAlert alert : AlertmanagerAlert.values()) {
      if (alert == AlertmanagerAlert.raisedBy(kind)) {
        messages.add(new OutboxMessage(0, target, alert.key(record), alert.raised(record)));
      } else if (alert.isResolvedBy(kind, record)) {
        messages.add(new OutboxMessage(0, target, alert.key(record), alert.resolved(record)));
      }
    }
  }

  /** The targets that hear of a model. */
  public List<AlertTarget> targets(String model) {
    CollectorConfig now = config.get();
    for (ModelRule rule : now.models()) {
      if (rule.fits(model)) {
        return now.alerts().stream().filter(t -> rule.alerts().contains(t.name())).toList();
      }
    }
    return List.of();
  }
}
