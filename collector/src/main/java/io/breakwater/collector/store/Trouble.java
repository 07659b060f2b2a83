package io.breakwater.collector.store;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Whether a file can be written, told once when it cannot and once when it can again. Written by
 * one thread, read by any.
 */
public final class Trouble {
  private final String what;
  private final Logger log;
  private volatile @Nullable Episode episode;

  /**
   * Since when a file cannot be written.
   *
   * @param reason the file, why, and what would be right
   */
  public record Episode(Instant since, String reason) {}

  Trouble(String what, Logger log) {
    this.what = what;
    this.log = log;
  }

  /** The present trouble, or null when there is none. */
  public @Nullable Episode episode() {
    return episode;
  }

  /** It could not be written. */
  void failed(String reason, Instant now) {
    Episode before = episode;
    if (before == null || !before.reason().equals(reason)) {
      log.error("{} cannot be written, trying again: {}", what, reason);
    }
    episode = new Episode(before == null ? now : before.since(), reason);
  }

  /** It was written. */
  void over(Instant now) {
    Episode before = episode;
    if (before != null) {
      episode = null;
      log.warn("{} can be written again, after {}", what, Duration.between(before.since(), now));
    }
  }
}
