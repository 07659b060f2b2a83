package io.breakwater.agent.core.llm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** How an answer ended: the value of {@code ml.output.class}, the same for all vendors. */
public enum Ending {
  /** The model was done. */
  STOP,
  /** The limit of tokens was reached. */
  LENGTH,
  /** The model wants tools to be called. */
  TOOL_CALLS,
  /** The vendor withheld the answer, or part of it. */
  CONTENT_FILTER,
  /** The model refused. */
  REFUSAL,
  /** Done, with neither text nor a tool to call. */
  EMPTY,
  /** The caller closed the stream, or cancelled the call. */
  CANCELLED,
  /** The stream ended without a word about why. */
  UNFINISHED,
  /** Any other reason. */
  OTHER;

  private static final List<String> LABELS = allLabels();

  private final String label = name().toLowerCase(Locale.ROOT);

  private static List<String> allLabels() {
    List<String> labels = new ArrayList<>();
    for (Ending each : values()) {
      labels.add(each.label());
    }
    return Collections.unmodifiableList(labels);
  }

  /** Names of all, by number. */
  static List<String> labels() {
    return LABELS;
  }

  /** Value of {@code ml.output.class}. */
  public String label() {
    return label;
  }

  /** Where it stands among {@link #labels()}. */
  int number() {
    return LABELS.indexOf(label);
  }

  /** What a vendor's finish or stop reason stands for, however it is written. */
  public static Ending of(String reason) {
    switch (reason.toLowerCase(Locale.ROOT)) {
      case "stop":
      case "end_turn":
      case "stop_sequence":
      case "completed":
      case "complete":
        return STOP;
      case "length":
      case "max_tokens":
      case "max_output_tokens":
      case "model_context_window_exceeded":
        return LENGTH;
      case "tool_calls":
      case "tool_use":
      case "tool_execution":
      case "function_call":
        return TOOL_CALLS;
      case "content_filter":
      case "content_filtered":
      case "safety":
      case "guardrail_intervened":
        return CONTENT_FILTER;
      case "refusal":
        return REFUSAL;
      case "cancelled":
        return CANCELLED;
      default:
        return OTHER;
    }
  }
}
