package io.breakwater.engine.sim;

import io.breakwater.engine.Verdict;
import io.breakwater.engine.detect.Block;
import io.breakwater.engine.detect.CanaryRateDetector;
import io.breakwater.engine.detect.RateDetector;
import io.breakwater.engine.detect.RateLimitDetector;
import io.breakwater.engine.detect.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Counts breaches over streams in which nothing is wrong; after each one a fresh detector. */
final class FalseAlarms {
  static final int PANES_PER_DAY = 864_000;
  private static final Instant START = Instant.parse("2026-11-21T00:00:00Z");

  private FalseAlarms() {}

  /**
   * Breaches on {@code panes} panes.
   *
   * @param traffic what is going on in a pane, by its number
   */
  static int count(
      Supplier<RateDetector> fresh, IntFunction<Traffic> traffic, int panes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RateDetector detector = fresh.get();
    int alarms = 0;
    Instant start = START;
    for (int pane = 0; pane < panes; pane++) {
      Tally tally = traffic.apply(pane).next(random);
      Instant end = start.plus(Delays.PANE);
      detector = detector.next(new Block(start, end, tally));
      start = end;
      if (detector.verdict() == Verdict.BREACH) {
        alarms++;
        detector = fresh.get();
      }
    }
    return alarms;
  }

  static Supplier<RateDetector> canary(double alpha) {
    return () -> CanaryRateDetector.of(alpha);
  }

  static Supplier<RateDetector> limit(double max, double alpha) {
    return () -> RateLimitDetector.of(max, alpha);
  }

  static IntFunction<Traffic> steady(double canary, double stable, double errors) {
    Traffic traffic = Traffic.poisson(canary, errors, stable, errors);
    return pane -> traffic;
  }

  /**
   * Both versions alike: the error rate swings between 0.5 % and 2 % over the day, and every hour
   * there is half a minute in which 30 % fail.
   */
  static IntFunction<Traffic> swingsAndOutages(double canary, double stable) {
    Traffic outage = Traffic.poisson(canary, 0.3, stable, 0.3);
    Traffic[] byMinute = new Traffic[1440];
    for (int minute = 0; minute < byMinute.length; minute++) {
      double errors = 0.01 * Math.pow(2, Math.sin(2 * Math.PI * minute / byMinute.length));
      byMinute[minute] = Traffic.poisson(canary, errors, stable, errors);
    }
    int panesPerHour = (int) (Duration.ofHours(1).toMillis() / Delays.PANE.toMillis());
    return pane -> pane % panesPerHour < 300 ? outage : byMinute[pane / (panesPerHour / 60) % 1440];
  }

  /** Both versions jump from 1 % to 30 % after a minute and stay there. */
  static IntFunction<Traffic> jump(double canary, double stable) {
    Traffic before = Traffic.poisson(canary, 0.01, stable, 0.01);
    Traffic after = Traffic.poisson(canary, 0.3, stable, 0.3);
    return pane -> pane < 600 ? before : after;
  }
}
