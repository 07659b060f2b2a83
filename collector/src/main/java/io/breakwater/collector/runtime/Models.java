package io.breakwater.collector.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.reference.ReferenceSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the API, the metrics page and the command line see of the models: their present states, the
 * decisions made, and a way to give orders. Safe for use by many threads.
 */
public interface Models {
  /** The latest state of every model, by name. */
  List<ModelState> states();

  /** The latest state of one model, or null when it is unknown. */
  @Nullable ModelState state(String model);

  /**
   * Hands an order to the model's lane. Completes when the step it led to is journalled.
   *
   * @throws IllegalArgumentException when the model or version is unknown (through the stage)
   */
  CompletionStage<OrderOutcome> order(
      String model,
      String version,
      Event.Verb verb,
      String by,
      String reason,
      @Nullable Duration expires,
      @Nullable String decision);

  /**
   * What an order led to.
   *
   * @param decision id of the decision made, or null when the order changed nothing
   * @param state name of the breaker's state after it
   * @param message in words
   */
  record OrderOutcome(@Nullable String decision, String state, String message) {}

  /**
   * Audit records, newest first, as journalled (canonical JSON with {@code seq}, {@code prev} and
   * {@code hash}).
   *
   * @param model only of this model, or null
   * @param since only at or after this time, or null
   * @param limit at most so many
   */
  List<JsonNode> decisions(@Nullable String model, @Nullable Instant since, int limit);

  /** The audit records of one decision, oldest first; empty when there is none. */
  List<JsonNode> decision(String id);

  /** What the signals of a model looked like lately; nothing when the model is unknown. */
  RecentSignals recent(String model);

  /**
   * Has a model compared with a reference from now on, also after a restart. Completes when it is
   * on disk.
   *
   * @return through the stage: why nothing was done, or null when it was
   */
  CompletionStage<@Nullable String> pin(String model, ReferenceSet reference);

  /** Takes a new configuration; all or nothing. */
  void reload(CollectorConfig config);

  /** Called after every step that wrote a record and at most every 500 ms for changed states. */
  void addListener(Listener listener);

  /** Hears of changes; must return quickly. */
  interface Listener {
    /** A model's state changed. */
    void changed(ModelState state);

    /** An audit record was written. */
    void recorded(JsonNode record);
  }
}
