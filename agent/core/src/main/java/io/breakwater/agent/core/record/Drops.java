package io.breakwater.agent.core.record;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts of what was not recorded or not delivered, by reason. Safe for use by many threads. */
public final class Drops {
  /** Why something was dropped; the value of the attribute {@code reason}. */
  public enum Reason {
    /** Calls that found no room in the rings. */
    RING_FULL("ring_full"),
    /** Calls that a thread began to record and did not finish: its stack ended there. */
    UNFINISHED("unfinished"),
    /** Calls whose values could not be read; the call itself was counted. */
    UNREADABLE("unreadable"),
    /** Calls whose tensors did not have the model's usual shape; the call itself was counted. */
    SHAPE("shape"),
    /** Calls of a kind of input or output that is not captured; the call itself was counted. */
    UNSUPPORTED("unsupported"),
    /** Calls that failed inside the agent. */
    AGENT_ERROR("agent_error"),
    /** Calls of models beyond the number of series the agent keeps. */
    TOO_MANY_MODELS("too_many_models"),
    /** Values of features beyond {@code breakwater.capture.max-features} that were not sampled. */
    FEATURES_OVER_LIMIT("features_over_limit"),
    /** Values counted under {@code other}, beyond {@code breakwater.capture.max-categories}. */
    CATEGORIES_OVER_LIMIT("categories_over_limit"),
    /** Labels of predictions that this process does not remember. */
    UNKNOWN_PREDICTION("unknown_prediction"),
    /** Points that left the export queue undelivered because newer ones needed the room. */
    QUEUE_FULL("queue_full"),
    /** Points the endpoint refused for good. */
    REFUSED("refused"),
    /** Points that could not be delivered in the attempts allowed. */
    UNDELIVERED("undelivered");

    private final String label;

    Reason(String label) {
      this.label = label;
    }

    /** Value of the attribute {@code reason}. */
    public String label() {
      return label;
    }
  }

  private final Map<Reason, LongAdder> counts;

  /** Counts that are all 0. */
  public Drops() {
    Map<Reason, LongAdder> adders = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      adders.put(reason, new LongAdder());
    }
    this.counts = adders;
  }

  /** Counts one. */
  public void add(Reason reason) {
    add(reason, 1);
  }

  /** Counts several. */
  public void add(Reason reason, long times) {
    adder(reason).add(times);
  }

  /** How many since the start. */
  public long count(Reason reason) {
    return adder(reason).sum();
  }

  private LongAdder adder(Reason reason) {
    return requireNonNull(counts.get(reason));
  }
}
