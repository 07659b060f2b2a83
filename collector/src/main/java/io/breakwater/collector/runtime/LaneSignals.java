package io.breakwater.collector.runtime;

import static java.util.Objects.requireNonNull;

import io.breakwater.collector.intake.Batch;
import io.breakwater.collector.intake.Drop;
import io.breakwater.collector.intake.Point;
import io.breakwater.collector.intake.Series;
import io.breakwater.engine.Distribution;
import io.breakwater.engine.Pane.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The signals of one model between two looks.
 *
 * <p>A look is due at scores and classes at every full second of the grid; at features and
 * categories once the last look is {@link #FEATURE_LOOKS} ago and the first waiting value {@link
 * #SETTLING}, so that what all processes flush together is looked at together. All versions are
 * looked at in the same pane. Confined to its lane's thread.
 */
final class LaneSignals {
  static final Duration FEATURE_LOOKS = Duration.ofSeconds(9);
  static final Duration SETTLING = Duration.ofSeconds(1);

  /** A signal that is silent for so long is forgotten. */
  static final Duration FORGET = Duration.ofMinutes(10);

  private static final String FEATURE = "feature:";
  private static final String CATEGORY = "category:";

  private final CellQuota quota;

  /** By version, then signal. */
  private final Map<String, Map<String, OpenSignal>> versions = new LinkedHashMap<>();

  private final Map<String, Schedule> schedules = new LinkedHashMap<>();

  /** Whether a signal that is looked at every second waits. */
  private boolean fastWaits;

  /** When the first of the other signals that wait is settled. */
  private Instant slowDue = Instant.MAX;

  LaneSignals(CellQuota quota) {
    this.quota = requireNonNull(quota, "quota");
  }

  /**
   * Adds a point that came in the pane that began at {@code paneStart}; says what of it was not
   * kept, or null.
   */
  @Nullable Drop add(Point.OfSignal point, Instant paneStart) {
    if (quota.isFull()) {
      return Drop.SIGNALS_FULL;
    }
    Map<String, OpenSignal> signals =
        versions.computeIfAbsent(point.version(), v -> new LinkedHashMap<>());
    OpenSignal signal = open(signals, signalOf(point, signals));
    if (signal == null) {
      return Drop.TOO_MANY_SIGNALS;
    }
    if (point instanceof Point.Values values
        && !signal.schedule().accepts(values.values().bounds())) {
      return Drop.OTHER_BOUNDS;
    }
    heard(signal.schedule(), paneStart);
    long before = signal.cells();
    boolean whole = signal.add(point);
    quota.add(signal.cells() - before);
    return whole ? null : Drop.TOO_MANY_CATEGORIES;
  }

  /** The signal, made when there is room; null when there is none. */
  private @Nullable OpenSignal open(Map<String, OpenSignal> signals, String name) {
    OpenSignal signal = signals.get(name);
    if (signal == null && signals.size() < quota.signals()) {
      signal =
          new OpenSignal(
              name, schedules.computeIfAbsent(name, s -> new Schedule(isSlow(s))), quota);
      signals.put(name, signal);
      quota.add(signal.cells());
    }
    return signal;
  }

  /**
   * Adds an exponential histogram as it stands in its request; says why it was not kept, or null.
   */
  @Nullable Drop add(Batch batch, int i, Series series, Instant paneStart) {
    if (quota.isFull()) {
      return Drop.SIGNALS_FULL;
    }
    if (series.home() instanceof DenseCounts dense && dense.takes(batch, i)) {
      if (dense.add(batch, i)) {
        OpenSignal first = versions.getOrDefault(series.version(), Map.of()).get(series.signal());
        if (first != null) {
          heard(first.schedule(), paneStart);
        }
      }
      return null;
    }
    OpenSignal signal =
        open(
            versions.computeIfAbsent(series.version(), v -> new LinkedHashMap<>()),
            series.signal());
    if (signal == null) {
      return Drop.TOO_MANY_SIGNALS;
    }
    if (!signal.schedule().accepts(0)) {
      return Drop.OTHER_BOUNDS;
    }
    heard(signal.schedule(), paneStart);
    long before = signal.cells();
    DenseCounts dense = signal.add(batch, i, series.complement());
    quota.add(signal.cells() - before);
    if (dense != null) {
      series.attachHome(dense);
    }
    return null;
  }

  private static boolean isSlow(String signal) {
    return signal.startsWith(FEATURE) || signal.startsWith(CATEGORY);
  }

  private void heard(Schedule schedule, Instant at) {
    if (schedule.heard(at)) {
      expect(schedule);
    }
  }

  private void expect(Schedule schedule) {
    if (!schedule.slow) {
      fastWaits = true;
    } else if (schedule.settled().isBefore(slowDue)) {
      slowDue = schedule.settled();
    }
  }

  /** Whether anything came in since it was looked at. */
  boolean isWaiting() {
    return fastWaits || slowDue.isBefore(Instant.MAX);
  }

  /** Whether a look is due at the end of a pane. */
  boolean isDue(Instant start, Instant end) {
    return (fastWaits && endsASecond(start, end)) || !end.isBefore(slowDue);
  }

  private static boolean endsASecond(Instant start, Instant end) {
    return start.getEpochSecond() != end.getEpochSecond();
  }

  /** Rows of scores or classes of a version since the last call: those of its fullest signal. */
  long takePaneRows(String version) {
    long most = 0;
    for (OpenSignal signal : versions.getOrDefault(version, Map.of()).values()) {
      most = Math.max(most, signal.takePaneRows());
    }
    return most;
  }

  /** Versions of which values came in lately. */
  Set<String> versions() {
    return versions.keySet();
  }

  /** A missing value does not say whether its feature is numeric. */
  private static String signalOf(Point.OfSignal point, Map<String, OpenSignal> signals) {
    if (point instanceof Point.Missing && point.signal().startsWith(FEATURE)) {
      String category = CATEGORY + point.signal().substring(FEATURE.length());
      return signals.containsKey(category) ? category : point.signal();
    }
    return point.signal();
  }

  /** What the pane from {@code start} to {@code end} is to show of the signals. */
  List<Reading> take(Instant start, Instant end) {
    boolean fullSecond = endsASecond(start, end);
    List<Reading> readings = new ArrayList<>();
    if (isDue(start, end)) {
      fastWaits &= !fullSecond;
      slowDue = Instant.MAX;
      schedules.forEach(
          (signal, schedule) -> {
            if (schedule.slow ? schedule.isSettled(end) : fullSecond && schedule.isWaiting()) {
              take(signal, readings);
              schedule.looked(end);
            } else if (schedule.isWaiting()) {
              expect(schedule);
            }
          });
    }
    if (fullSecond) {
      forgetSilent(end);
    }
    return readings;
  }

  private void take(String signal, List<Reading> readings) {
    versions.forEach(
        (version, signals) -> {
          OpenSignal open = signals.get(signal);
          if (open != null && !isTakenForNumeric(signal, open, signals)) {
            long before = open.cells();
            Distribution values = open.take();
            quota.add(open.cells() - before);
            if (values != null) {
              readings.add(new Reading(version, signal, values));
            }
          }
        });
  }

  /** Where missing values came before the first category, they are given to the category. */
  private boolean isTakenForNumeric(
      String signal, OpenSignal open, Map<String, OpenSignal> signals) {
    OpenSignal category =
        signal.startsWith(FEATURE)
            ? signals.get(CATEGORY + signal.substring(FEATURE.length()))
            : null;
    if (category == null || !open.hasOnlyMissing()) {
      return false;
    }
    category.add(open.read().missing());
    open.forget();
    signals.remove(signal);
    quota.add(-open.cells());
    return true;
  }

  private void forgetSilent(Instant now) {
    schedules
        .entrySet()
        .removeIf(
            entry -> {
              boolean silent = entry.getValue().isSilent(now);
              if (silent) {
                versions.values().forEach(signals -> forget(signals.remove(entry.getKey())));
              }
              return silent;
            });
    versions.values().removeIf(Map::isEmpty);
  }

  private void forget(@Nullable OpenSignal signal) {
    if (signal != null) {
      signal.forget();
      quota.add(-signal.cells());
    }
  }

  /** When one signal was heard of and looked at. */
  static final class Schedule {
    private final boolean slow;
    private boolean begun;
    private long bounds;
    private Instant lastHeard = Instant.MIN;
    private @Nullable Instant waitingSince;
    private @Nullable Instant lastLook;

    /** One that is looked at every second, or never. */
    Schedule() {
      this(false);
    }

    Schedule(boolean slow) {
      this.slow = slow;
    }

    /**
     * Whether values may be compared with those before, of all versions: rounded to the same
     * bounds, or none of them rounded.
     */
    boolean accepts(long boundsOfValues) {
      if (!begun) {
        begun = true;
        bounds = boundsOfValues;
      }
      return bounds == boundsOfValues;
    }

    /** The same, begun anew when nothing was heard for {@link #FORGET}. */
    boolean accepts(long boundsOfValues, Instant at) {
      begun &= !isSilent(at);
      boolean accepted = accepts(boundsOfValues);
      if (accepted) {
        lastHeard = at;
      }
      return accepted;
    }

    /** Notes that a value came; says whether it is the first that waits. */
    boolean heard(Instant at) {
      lastHeard = at;
      if (waitingSince != null) {
        return false;
      }
      waitingSince = at;
      return true;
    }

    void looked(Instant at) {
      waitingSince = null;
      lastLook = at;
    }

    boolean isWaiting() {
      return waitingSince != null;
    }

    boolean isSettled(Instant now) {
      return waitingSince != null && !now.isBefore(settled());
    }

    /** When it may be looked at, if something waits. */
    Instant settled() {
      Instant settled = waitingSince == null ? Instant.MAX : waitingSince.plus(SETTLING);
      Instant next = lastLook == null ? settled : lastLook.plus(FEATURE_LOOKS);
      return next.isAfter(settled) ? next : settled;
    }

    boolean isSilent(Instant now) {
      return now.isAfter(lastHeard.plus(FORGET));
    }
  }
}
