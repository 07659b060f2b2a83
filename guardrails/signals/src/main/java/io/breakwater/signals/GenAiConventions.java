package io.breakwater.signals;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What OpenTelemetry's GenAI conventions call the measurements of an LLM call, by version: the one
 * table to change where they move. All carry {@code gen_ai.operation.name}, {@code
 * gen_ai.provider.name}, {@code gen_ai.request.model} and, where known, {@code
 * gen_ai.response.model}.
 */
public enum GenAiConventions {
  /** Released with the semantic conventions 1.41. */
  V1_41("1.41"),
  /** Proposed for a later version: an inference is told from other operations by its metric. */
  DRAFT("draft"),
  /** No {@code gen_ai.*} metrics, as where another agent sends them already. */
  OFF("off");

  private final String label;

  GenAiConventions(String label) {
    this.label = label;
  }

  /**
   * The conventions of a name in the configuration. Does not load the catalogue.
   *
   * @throws IllegalArgumentException if there are none; the message is what is expected
   */
  public static GenAiConventions parse(String label) {
    List<String> labels = new ArrayList<>();
    for (GenAiConventions each : values()) {
      if (each.label.equals(label)) {
        return each;
      }
      labels.add(each.label);
    }
    throw new IllegalArgumentException(String.join(", ", labels));
  }

  /** Their name in the configuration. */
  public String label() {
    return label;
  }

  /** Duration of a call; null if it is not sent. */
  public @Nullable Metric duration() {
    return choose(Metrics.GEN_AI_OPERATION_DURATION, Metrics.GEN_AI_INFERENCE_DURATION);
  }

  /** Tokens of a call, input and output apart; null if they are not sent. */
  public @Nullable Metric tokenUsage() {
    return choose(Metrics.GEN_AI_TOKEN_USAGE, Metrics.GEN_AI_TOKEN_USAGE);
  }

  /** Time to the first chunk of a streamed answer; null if it is not sent. */
  public @Nullable Metric timeToFirstChunk() {
    return choose(Metrics.GEN_AI_TIME_TO_FIRST_CHUNK, Metrics.GEN_AI_INFERENCE_TIME_TO_FIRST_CHUNK);
  }

  private @Nullable Metric choose(Metric released, Metric draft) {
    if (this == OFF) {
      return null;
    }
    return this == DRAFT ? draft : released;
  }
}
