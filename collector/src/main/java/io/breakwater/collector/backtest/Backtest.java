package io.breakwater.collector.backtest;

import io.breakwater.collector.csv.CsvException;
import io.breakwater.collector.csv.CsvFile;
import io.breakwater.collector.csv.RowRange;
import io.breakwater.collector.csv.SignalColumn;
import io.breakwater.collector.csv.SignalColumns;
import io.breakwater.collector.csv.SignalStream;
import io.breakwater.engine.DecisionRecord;
import io.breakwater.engine.Engine;
import io.breakwater.engine.Event;
import io.breakwater.engine.Evidence;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.ModelState.VersionState;
import io.breakwater.engine.Pane;
import io.breakwater.engine.Pane.Reading;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.Step;
import io.breakwater.engine.policy.Guardrail.Drift;
import io.breakwater.engine.reference.ReferenceSet;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Replays the rows of a file through the engine: panes of 100 ms, a look at scores and classes
 * every second and at features every 10 s, values summed up as the agent does. Row {@code i} comes
 * {@code i / rowsPerSecond} seconds after the start of time, so the outcome depends on nothing but
 * file and policy.
 *
 * <p>After a breach its guardrail starts afresh, so that later ones show. Confined to one thread;
 * for one use.
 */
public final class Backtest {
  private static final Instant START = Instant.EPOCH;
  private static final Duration PANE = Duration.ofMillis(100);
  private static final int PANES_PER_SECOND = 10;
  private static final int PANES_PER_FEATURE_LOOK = 100;

  private final TestedPolicy policy;
  private final double rowsPerSecond;
  private final List<SignalStream> streams;
  private final Map<String, List<Breach>> breaches = new TreeMap<>();
  private ModelState state;
  private long pane;
  private long rowsInPane;
  private long lastRow = -1;

  private Backtest(TestedPolicy policy, List<SignalColumn> signals, double rowsPerSecond) {
    this.policy = policy;
    this.rowsPerSecond = rowsPerSecond;
    this.streams = signals.stream().map(SignalStream::new).toList();
    this.state = Engine.start(policy.policy(), START);
  }

  /**
   * Replays a file.
   *
   * @param reference what to compare with, or null for the first rows
   * @param leftOut rows that are not replayed, or null
   * @param rowsPerSecond at least 1
   * @param seen told the number of rows from time to time
   * @return every guardrail on every signal that it was applied to, in the order of names
   */
  public static List<Judged> run(
      TestedPolicy policy,
      Path file,
      SignalColumns columns,
      @Nullable ReferenceSet reference,
      @Nullable RowRange leftOut,
      double rowsPerSecond,
      LongConsumer seen)
      throws CsvException {
    Backtest run = new Backtest(policy, columns.signals(), rowsPerSecond);
    if (reference != null) {
      run.step(new Event.ReferenceGiven(START, reference));
    }
    try (CsvFile csv = CsvFile.open(file)) {
      while (csv.next()) {
        if (leftOut == null || !leftOut.contains(csv.row())) {
          run.add(csv);
        }
        seen.accept(csv.row() + 1);
      }
    }
    run.finish();
    return run.judged();
  }

  private void add(CsvFile csv) throws CsvException {
    long due = (long) (csv.row() * PANES_PER_SECOND / rowsPerSecond);
    if (lastRow < csv.row() - 1) {
      skip(due);
    }
    while (pane < due) {
      closePane();
    }
    for (SignalStream stream : streams) {
      stream.add(csv);
    }
    rowsInPane++;
    lastRow = csv.row();
  }

  /** To the pane of the first row after some that are left out, without looking meanwhile. */
  private void skip(long due) {
    if (rowsInPane > 0) {
      closePane();
    }
    pane = due;
  }

  /** Up to the next look at features, so that every row was looked at. */
  private void finish() {
    do {
      closePane();
    } while (pane % PANES_PER_FEATURE_LOOK != 0);
  }

  private void closePane() {
    Instant start = START.plus(PANE.multipliedBy(pane));
    pane++;
    Pane closed =
        new Pane(
            start,
            start.plus(PANE),
            rowsInPane == 0
                ? List.of()
                : List.of(new VersionPane(policy.version(), rowsInPane, 0, Map.of())),
            List.of(),
            readings());
    rowsInPane = 0;
    Step step = step(new Event.PaneClosed(closed));
    for (DecisionRecord record : step.records()) {
      Evidence evidence = record.evidence();
      if (record.kind() == DecisionRecord.Kind.BREACHED && evidence != null) {
        breached(evidence);
      }
    }
  }

  private Step step(Event event) {
    Step step = Engine.step(state, event);
    state = step.next();
    return step;
  }

  private void breached(Evidence evidence) {
    breaches
        .computeIfAbsent(evidence.guardrail(), name -> new ArrayList<>())
        .add(new Breach(lastRow, evidence));
    state = state.withoutDriftEvidence(evidence.guardrail());
  }

  private List<Reading> readings() {
    boolean slow = pane % PANES_PER_FEATURE_LOOK == 0;
    boolean fast = pane % PANES_PER_SECOND == 0;
    if (!fast) {
      return List.of();
    }
    List<Reading> readings = new ArrayList<>();
    for (SignalStream stream : streams) {
      if (stream.rows() > 0 && (slow || !stream.column().isSlow())) {
        readings.add(new Reading(policy.version(), stream.column().signal(), stream.take()));
      }
    }
    return readings;
  }

  private List<Judged> judged() {
    VersionState version = state.versions().get(policy.version());
    Map<String, GuardrailState> states = version == null ? Map.of() : version.drift();
    List<Judged> judged = new ArrayList<>();
    for (SignalStream stream : streams) {
      String signal = stream.column().signal();
      Drift rule = policy.ruleOn(signal);
      if (rule != null) {
        String name = Drift.nameOf(signal);
        GuardrailState last = states.get(name);
        List<Breach> found = breaches.getOrDefault(name, List.of());
        String note = !found.isEmpty() ? "" : last == null ? "no look at it" : last.note();
        judged.add(new Judged(name, signal, rule.then(), found, note));
      }
    }
    return judged;
  }
}
