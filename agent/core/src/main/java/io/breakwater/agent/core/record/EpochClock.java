package io.breakwater.agent.core.record;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Wall-clock time as OpenTelemetry counts it. */
@FunctionalInterface
public interface EpochClock {
  /** The system's clock. */
  EpochClock SYSTEM =
      () -> {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
      };

  /** Nanoseconds since the epoch. */
  long nanos();
}
