package io.breakwater.engine.policy;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What an instance must have behind it before its latency counts: a cold JVM is not a bad model.
 *
 * @param calls live calls it answered; 0 for none
 * @param time since its first call was seen; zero for none
 */
public record WarmUp(long calls, Duration time) {
  /** The warm-up in effect when the guardrail file names none. */
  public static final WarmUp DEFAULT = new WarmUp(200, Duration.ofSeconds(30));

  public WarmUp {
    requireNonNull(time, "time");
    if (calls < 0) {
      throw new IllegalArgumentException("calls: " + calls + " (expected: >= 0)");
    }
    if (time.isNegative()) {
      throw new IllegalArgumentException("time: " + time + " (expected: >= 0)");
    }
  }
}
