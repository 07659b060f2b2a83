package io.breakwater.collector.store;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long a collector keeps what it writes down.
 *
 * @param decisions audit records
 * @param inputs what single decisions were made from; at most as long as the records
 * @param replay everything that was received, to replay it as a whole; zero for nothing
 * @param journalBytes size of the journal above which the oldest inputs, then the oldest records go
 * @param replayBytes size of everything received above which the oldest goes
 */
public record Retention(
    Duration decisions, Duration inputs, Duration replay, long journalBytes, long replayBytes) {
  private static final long MIB = 1 << 20;

  /** Without a word in the guardrail file. */
  public static final Retention DEFAULTS =
      new Retention(
          Duration.ofDays(400), Duration.ofDays(30), Duration.ofDays(1), 2048 * MIB, 1024 * MIB);

  public Retention {
    requireNonNull(decisions, "decisions");
    requireNonNull(replay, "replay");
    if (inputs.compareTo(decisions) > 0) {
      throw new IllegalArgumentException(
          "inputs: " + inputs + " (expected: at most as long as decisions, " + decisions + ")");
    }
  }
}
