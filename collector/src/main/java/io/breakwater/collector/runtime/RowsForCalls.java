package io.breakwater.collector.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets rows of scores or classes stand for the calls of versions whose senders report none. A
 * version is such a one when no call of it came for {@link #PATIENCE} since its values came first.
 * Confined to its lane's thread.
 */
final class RowsForCalls {
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Map<String, Caller> callers = new HashMap<>();

  /** A call of a version came in. */
  void called(String version, Instant at) {
    Caller caller = callers.computeIfAbsent(version, v -> new Caller());
    caller.since = at;
    caller.silent = false;
  }

  /** Adds rows to the pane that ends. */
  void standIn(LaneSignals signals, OpenPane pane, Instant end) {
    for (String version : signals.versions()) {
      Caller caller = callers.computeIfAbsent(version, v -> new Caller());
      caller.since = caller.since == null ? end : caller.since;
      if (!caller.since.plus(PATIENCE).isAfter(end)) {
        boolean none = caller.silent && !signals.isWaiting();
        long rows = none ? 0 : signals.takePaneRows(version);
        if (rows > 0 && caller.silent && !pane.hasCalls(version)) {
          pane.addRows(version, rows);
        }
        caller.silent = true; // rows from before that were those of calls
      }
    }
    if (callers.size() > signals.versions().size()) {
      callers.keySet().retainAll(signals.versions());
    }
  }

  private static final class Caller {
    /** When a call came last, or the first values. */
    private @Nullable Instant since;

    private boolean silent;
  }
}
