package io.breakwater.engine;

import io.breakwater.engine.ModelState.InstanceState;
import io.breakwater.engine.ModelState.LedgerEntry;
import io.breakwater.engine.ModelState.Second;
import io.breakwater.engine.ModelState.Served;
import io.breakwater.engine.ModelState.VersionState;
import io.breakwater.engine.Pane.InstancePane;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.breaker.BreakerState;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who serves what: versions appear by their calls, instances by beats or calls. */
final class Traffic {
  /** How long a version without calls, or a silent instance, is still reckoned with. */
  static final Duration REMEMBERED = Duration.ofMinutes(10);

  /**
   * The same for a version out of traffic whose processes never beat, so that silence is normal.
   */
  static final Duration REMEMBERED_WITHOUT_BEATS = Duration.ofHours(24);

  /** How recent a call or beat proves that a version could answer. */
  static final Duration ALIVE = Duration.ofSeconds(5);

  /** How many versions of a model are told apart; others are UNGUARDED. */
  static final int MAX_VERSIONS = 100;

  /** The last seconds in which traffic is shared out, the present one included. */
  static final long WINDOW_SECONDS = 10;

  private static final Duration FAST_FLUSH = Duration.ofMillis(100);
  private static final Duration SLOW_FLUSH = Duration.ofSeconds(1);

  private Traffic() {}

  static void count(Draft draft, Pane pane) {
    draft.findings.remove(Finding.UNGUARDED);
    for (VersionPane version : pane.versions()) {
      if (version.calls() > 0) {
        count(draft, pane, version);
      }
    }
    for (InstancePane instance : pane.instances()) {
      InstanceState old = draft.instances.get(instance.instance());
      draft.instances.put(instance.instance(), seen(old, instance, pane.start(), pane.end()));
    }
    shares(draft, pane.start().getEpochSecond());
  }

  private static void count(Draft draft, Pane pane, VersionPane counts) {
    draft.lastCall = pane.end();
    VersionDraft version = draft.versions.get(counts.version());
    if (version == null) {
      if (draft.versions.size() >= MAX_VERSIONS) {
        draft.findings.add(Finding.UNGUARDED);
        return;
      }
      version = appeared(draft, counts.version(), pane.start());
      draft.versions.put(counts.version(), version);
    }
    version.lastCall = pane.end();
    version.recent = plus(version.recent, pane.start().getEpochSecond(), counts);
  }

  private static VersionDraft appeared(Draft draft, String version, Instant start) {
    LedgerEntry remembered = draft.ledger.remove(version);
    Standing standing = remembered == null ? Standing.UNKNOWN : remembered.standing();
    boolean declared = version.equals(draft.policy.stable());
    BreakerState breaker =
        draft.policy.mode() == Mode.OBSERVE
            ? new BreakerState.Observing(draft.now, false)
            : new BreakerState.Closed(draft.now);
    return new VersionDraft(version, breaker, declared ? Standing.GOOD : standing, start);
  }

  private static List<Second> plus(List<Second> recent, long epochSecond, VersionPane counts) {
    List<Second> next = new ArrayList<>(recent.size() + 1);
    Second present = new Second(epochSecond, 0, 0, 0, 0, Map.of());
    for (Second second : recent) {
      if (second.epochSecond() >= epochSecond) {
        present = second;
      } else if (second.epochSecond() > epochSecond - WINDOW_SECONDS) {
        next.add(second);
      }
    }
    next.add(
        present.plus(new Second(epochSecond, counts.calls(), counts.errors(), 1, 0, Map.of())));
    return next;
  }

  /** Counts calls whose durations are known to the last second, in which they were counted. */
  static void timed(VersionDraft version, long epochSecond, long timed, Map<String, Long> slow) {
    List<Second> next = new ArrayList<>(version.recent);
    int last = next.size() - 1;
    if (last >= 0) {
      next.set(last, next.get(last).plus(new Second(epochSecond, 0, 0, 0, timed, slow)));
      version.recent = next;
    }
  }

  /** The calls in which a guardrail on a rate looks for bad ones. */
  static long calls(Second second, Guardrail guardrail) {
    return guardrail.signal().equals(Guardrail.DURATION) ? second.timed() : second.calls();
  }

  /** The bad calls under a guardrail on a rate. */
  static long bad(Second second, Guardrail guardrail) {
    return guardrail.signal().equals(Guardrail.DURATION)
        ? second.slow().getOrDefault(guardrail.name(), 0L)
        : second.errors();
  }

  private static InstanceState seen(
      @Nullable InstanceState known, InstancePane pane, Instant start, Instant at) {
    InstanceState old = known != null ? known : new InstanceState(null, null, false, Map.of());
    Map<String, Served> served = new TreeMap<>(old.served());
    boolean called = false;
    for (Map.Entry<String, Long> entry : pane.calls().entrySet()) {
      if (entry.getValue() > 0) {
        Served more = new Served(start, at, entry.getValue());
        served.merge(entry.getKey(), more, Served::plus);
        called = true;
      }
    }
    if (called) {
      served.values().removeIf(one -> one.last().isBefore(at.minus(REMEMBERED)));
    }
    return new InstanceState(
        pane.beats() > 0 ? at : old.lastBeat(), called ? at : old.lastCall(), old.blind(), served);
  }

  /** Shares of the last 10 s; for a younger version, since the second after it appeared. */
  private static void shares(Draft draft, long now) {
    for (VersionDraft version : draft.versions.values()) {
      long appeared = Math.min(now, version.firstCall.getEpochSecond() + 1);
      long from = Math.max(now - WINDOW_SECONDS + 1, appeared);
      long all = 0;
      for (VersionDraft other : draft.versions.values()) {
        all += recentCalls(other, from);
      }
      version.share = all == 0 ? 0 : (double) recentCalls(version, from) / all;
    }
  }

  private static long recentCalls(VersionDraft version, long fromEpochSecond) {
    long calls = 0;
    for (Second second : version.recent) {
      calls += second.epochSecond() >= fromEpochSecond ? second.calls() : 0;
    }
    return calls;
  }

  /** Calls of a version from a second of the clock on, within the window. */
  static Second recent(VersionDraft version, long fromEpochSecond) {
    long last = fromEpochSecond;
    long calls = 0;
    long errors = 0;
    int panes = 0;
    long timed = 0;
    Map<String, Long> slow = Map.of();
    for (Second second : version.recent) {
      if (second.epochSecond() >= fromEpochSecond) {
        last = Math.max(last, second.epochSecond());
        calls += second.calls();
        errors += second.errors();
        panes += second.panes();
        timed += second.timed();
        slow = Second.sum(slow, second.slow());
      }
    }
    return new Second(last, calls, errors, panes, timed, slow);
  }

  /**
   * How often the processes of a version report: 100 ms when two panes of one second had calls,
   * else taken as 1 s.
   */
  static Duration flush(VersionDraft version) {
    for (Second second : version.recent) {
      if (second.panes() > 1) {
        return FAST_FLUSH;
      }
    }
    return SLOW_FLUSH;
  }

  /**
   * Whether a version could answer now: it had a live call within 5 s, or an instance that served
   * it beat within 5 s. An instance is taken to serve a version until it has served others for 10
   * minutes.
   */
  static boolean alive(Draft draft, VersionDraft version) {
    if (within(version.lastCall, ALIVE, draft)) {
      return true;
    }
    for (InstanceState instance : draft.instances.values()) {
      if (instance.served().containsKey(version.version)
          && within(instance.lastBeat(), ALIVE, draft)) {
        return true;
      }
    }
    return false;
  }

  static boolean within(@Nullable Instant time, Duration limit, Draft draft) {
    return time != null && !time.isBefore(draft.now.minus(limit));
  }

  /**
   * Whether a version is not served any more. In traffic: no call for 10 minutes. Stable, or out of
   * traffic, where there are no calls by design: no beat of its instances for 10 minutes either; if
   * they never beat, no call for 24 hours.
   */
  static boolean gone(Draft draft, VersionDraft version) {
    Instant last = latest(version.lastCall, draft.watchingSince);
    boolean judged = version.inTraffic() && !version.version.equals(draft.stable);
    return !goneAt(version.version, last, judged, draft.instances.values()).isAfter(draft.now);
  }

  /** When a version will not be served any more unless something is heard of it. */
  static Instant goneAt(ModelState state, VersionState version) {
    Instant last = latest(version.lastCall(), state.watchingSince());
    boolean judged =
        VersionDraft.inTraffic(version.breaker()) && !version.version().equals(state.stable());
    return goneAt(version.version(), last, judged, state.instances().values());
  }

  private static Instant goneAt(
      String version, Instant lastCall, boolean judged, Collection<InstanceState> instances) {
    if (judged) {
      return lastCall.plus(REMEMBERED);
    }
    Instant last = lastCall;
    boolean beats = false;
    for (InstanceState instance : instances) {
      if (instance.lastBeat() != null && instance.served().containsKey(version)) {
        beats = true;
        last = latest(instance.lastBeat(), last);
      }
    }
    return last.plus(beats ? REMEMBERED : REMEMBERED_WITHOUT_BEATS);
  }

  static Instant latest(@Nullable Instant one, Instant other) {
    return one == null || one.isBefore(other) ? other : one;
  }
}
