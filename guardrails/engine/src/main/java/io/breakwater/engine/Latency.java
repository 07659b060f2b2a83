package io.breakwater.engine;

import io.breakwater.engine.ModelState.InstanceState;
import io.breakwater.engine.ModelState.Second;
import io.breakwater.engine.ModelState.Served;
import io.breakwater.engine.Pane.InstancePane;
import io.breakwater.engine.breaker.Words;
import io.breakwater.engine.detect.RateDetector;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Guardrail.DurationLimit;
import io.breakwater.engine.policy.Guardrail.SlowThreshold;
import io.breakwater.engine.policy.Guardrail.SlowerThanStable;
import io.breakwater.signals.CountRange;
import io.breakwater.signals.HistogramSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What slow is, and whose durations count: those of instances that are warm. */
final class Latency {
  /** Scale at which durations are kept: buckets 2.2 % wide. Finer ones take memory for nothing. */
  private static final int SCALE = 5;

  /** Buckets 19 % wide and wider may hide what a guardrail asks for. */
  private static final int COARSE_SCALE = 2;

  /** Up to this share of the calls may be in the bucket around the threshold. */
  private static final double MAX_DOUBT = 0.05;

  static final HistogramSnapshot NONE = HistogramSnapshot.empty(SCALE);

  private Latency() {}

  /** The duration in seconds above which a call is slow under a guardrail, or null. */
  static @Nullable Double slowAbove(
      Guardrail guardrail, @Nullable String stable, BaselineWindow stableDurations) {
    if (guardrail instanceof DurationLimit limit) {
      return seconds(limit.max());
    }
    if (!(guardrail instanceof SlowerThanStable slower)) {
      return null;
    }
    if (slower.threshold() instanceof SlowThreshold.Fixed fixed) {
      return seconds(fixed.duration());
    }
    double quantile = ((SlowThreshold.OfStable) slower.threshold()).quantile();
    boolean known = stable != null && stable.equals(stableDurations.version());
    return known && stableDurations.isKnown() ? stableDurations.boundAt(quantile) : null;
  }

  private static double seconds(Duration time) {
    return time.getSeconds() + time.getNano() / 1e9;
  }

  /** What makes a call bad under a guardrail on a rate, in words. */
  static String what(Draft draft, Guardrail guardrail) {
    if (!guardrail.signal().equals(Guardrail.DURATION)) {
      return "failed";
    }
    Double above = slowAbove(guardrail, draft.stable, draft.stableDurations);
    return above == null ? "took too long" : "took over " + Words.duration(above);
  }

  /**
   * Durations of a pane by version and instance, of those instances that were warm before it; to be
   * asked before the pane's calls are counted.
   */
  static Map<String, Map<String, HistogramSnapshot>> warm(Draft draft, Pane pane) {
    Map<String, Map<String, HistogramSnapshot>> warm = new TreeMap<>();
    for (InstancePane instance : pane.instances()) {
      InstanceState known = draft.instances.get(instance.instance());
      instance
          .durations()
          .forEach(
              (version, durations) -> {
                Served served = known == null ? null : known.served().get(version);
                Served before = served == null ? new Served(pane.start(), pane.end(), 0) : served;
                if (!durations.isEmpty() && before.isWarm(draft.policy.warmUp(), pane.start())) {
                  warm.computeIfAbsent(version, v -> new TreeMap<>())
                      .put(instance.instance(), durations);
                }
              });
    }
    return warm;
  }

  /** Keeps what is remembered of durations; after the pane's calls are counted. */
  static void remember(Draft draft, Pane pane, Map<String, Map<String, HistogramSnapshot>> warm) {
    warm.forEach(
        (name, byInstance) -> {
          VersionDraft version = draft.versions.get(name);
          if (version == null) {
            return;
          }
          HistogramSnapshot all = NONE;
          for (HistogramSnapshot durations : byInstance.values()) {
            all = all.merge(durations);
          }
          version.durations = version.durations.merge(all);
          if (name.equals(draft.stable)) {
            draft.stableDurations = draft.stableDurations.plus(name, all, pane);
          }
        });
  }

  /** Why a guardrail on latency has no verdict, in words; empty when that is plain. */
  static String note(Draft draft, Guardrail guardrail, VersionDraft version) {
    if (!guardrail.signal().equals(Guardrail.DURATION)) {
      return "";
    }
    if (guardrail.againstStable() && draft.stable == null) {
      return "no version is known to be the stable one";
    }
    List<String> notes = new ArrayList<>();
    if (slowAbove(guardrail, draft.stable, draft.stableDurations) == null) {
      notes.add(threshold(draft));
    }
    for (VersionDraft one : concerned(draft, guardrail, version)) {
      String unguarded = unguarded(draft, guardrail, one);
      String note = unguarded.isEmpty() ? cold(draft, one) : "UNGUARDED: " + unguarded;
      if (!note.isEmpty()) {
        notes.add(note);
      }
    }
    return String.join("; ", notes);
  }

  /** Whether what is received does not do to judge a version's latency. */
  static boolean isUnguarded(Draft draft, Guardrail guardrail, VersionDraft version) {
    if (guardrail.signal().equals(Guardrail.DURATION)) {
      for (VersionDraft one : concerned(draft, guardrail, version)) {
        if (!unguarded(draft, guardrail, one).isEmpty()) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<VersionDraft> concerned(
      Draft draft, Guardrail guardrail, VersionDraft version) {
    VersionDraft stable = draft.stable == null ? null : draft.versions.get(draft.stable);
    boolean compares = guardrail.againstStable() && stable != null && stable != version;
    return stable != null && compares ? List.of(version, stable) : List.of(version);
  }

  private static String unguarded(Draft draft, Guardrail guardrail, VersionDraft version) {
    long from = draft.now.getEpochSecond() - Traffic.WINDOW_SECONDS + 1;
    long answers = 0;
    long timed = 0;
    for (Second second : version.recent) {
      if (second.epochSecond() >= from) {
        answers += second.calls() - second.errors();
        timed += second.timed();
      }
    }
    if (answers >= RateDetector.MIN_CALLS && timed == 0 && cold(draft, version).isEmpty()) {
      return "no durations of version " + version.version + " that can be read arrive";
    }
    HistogramSnapshot durations = version.durations;
    if (durations.isEmpty() || durations.scale() > COARSE_SCALE) {
      return "";
    }
    Double above = slowAbove(guardrail, draft.stable, draft.stableDurations);
    if (above == null) {
      return "";
    }
    CountRange fast = durations.countAtOrBelow(above);
    double doubtful = (double) (fast.upper() - fast.lower()) / durations.count();
    return doubtful <= MAX_DOUBT
        ? ""
        : "the buckets of version "
            + version.version
            + " are too coarse, "
            + Words.percent(doubtful)
            + " of its calls are in the one around "
            + Words.duration(above);
  }

  private static String threshold(Draft draft) {
    BaselineWindow window = draft.stableDurations;
    boolean own = draft.stable != null && draft.stable.equals(window.version());
    return String.format(
        Locale.ROOT,
        "the threshold needs %,d warm calls of version %s, has %,d",
        BaselineWindow.CALLS,
        draft.stable,
        own ? window.filling().count() : 0);
  }

  private static String cold(Draft draft, VersionDraft version) {
    for (InstanceState instance : draft.instances.values()) {
      Served served = instance.served().get(version.version);
      if (served != null && served.isWarm(draft.policy.warmUp(), draft.now)) {
        return "";
      }
    }
    return "every instance of version "
        + version.version
        + " is warming up: "
        + draft.policy.warmUp().calls()
        + " calls and "
        + Words.seconds(draft.policy.warmUp().time());
  }
}
