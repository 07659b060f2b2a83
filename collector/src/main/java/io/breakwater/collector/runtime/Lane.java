package io.breakwater.collector.runtime;

import static java.util.Objects.requireNonNull;

import io.breakwater.collector.intake.Batch;
import io.breakwater.collector.intake.Drop;
import io.breakwater.collector.intake.IntakeMetrics;
import io.breakwater.collector.intake.Point;
import io.breakwater.collector.intake.Series;
import io.breakwater.collector.store.Stretch;
import io.breakwater.engine.Engine;
import io.breakwater.engine.Event;
import io.breakwater.engine.Finding;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Pane;
import io.breakwater.engine.Step;
import io.breakwater.signals.HistogramSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One model: the pane being filled and the state it is stepped into. All methods but those that say
 * otherwise are called by the lane's own thread only.
 */
final class Lane {
  private static final Duration UNGUARDED_PANE = Duration.ofSeconds(1);

  /** A model at rest is stepped so often nevertheless: states that are shown are no older. */
  private static final Duration LONGEST_REST = Duration.ofSeconds(1);

  private final String model;
  private final StepSink sink;
  private final IntakeMetrics metrics;
  private final ModelTotals totals;
  private final OpenPane pane = new OpenPane();
  private final LaneSignals signals;
  private final RecentSignals recent;
  private final RowsForCalls rows = new RowsForCalls();
  private final LaneSignals.Schedule durations = new LaneSignals.Schedule();
  private final Inputs inputs;
  private final AtomicInteger unwritten = new AtomicInteger();
  private ModelState state;
  private Instant paneStart;

  /** Whether panes in which nothing came may be left out. */
  private boolean mayRest;

  /** Until when they may, or null while nobody asked. */
  private @Nullable Instant restsUntil;

  /** Whether the last pane was left out. */
  private boolean leftOut;

  private boolean changed;
  private volatile boolean guarded;
  private volatile ModelState published;

  Lane(
      ModelState state,
      boolean guarded,
      ModelTotals totals,
      IntakeMetrics metrics,
      CellQuota quota,
      StepSink sink,
      Consumer<Stretch> log) {
    this.model = state.policy().model();
    this.state = state;
    this.paneStart = state.now();
    this.guarded = guarded;
    this.totals = totals;
    this.metrics = requireNonNull(metrics, "metrics");
    this.signals = new LaneSignals(quota);
    this.recent = new RecentSignals(quota);
    this.sink = requireNonNull(sink, "sink");
    this.inputs = new Inputs(state, stretch -> logIfGuarded(stretch, log));
    this.published = shown(state);
  }

  /** Name of the model; any thread. */
  String model() {
    return model;
  }

  /** The latest state; any thread. */
  ModelState published() {
    return published;
  }

  /** The model's totals; any thread. */
  ModelTotals totals() {
    return totals;
  }

  /** What the signals looked like lately; any thread. */
  RecentSignals recent() {
    return recent;
  }

  /** Whether a rule fits the model; any thread. */
  boolean guarded() {
    return guarded;
  }

  /** Whether steps wait to be journalled; any thread. */
  boolean hasUnwritten() {
    return unwritten.get() > 0;
  }

  /** A step was handed to the journal, or written by it; any thread. */
  void unwritten(int change) {
    unwritten.addAndGet(change);
  }

  /** The state as it is now. */
  ModelState state() {
    return state;
  }

  /** Opens the first pane. */
  void begin(Instant paneStart) {
    this.paneStart = paneStart;
  }

  /** Adds an exponential histogram as it stands in its request. */
  void add(Batch batch, int i, Series series) {
    Drop drop = signals.add(batch, i, series, paneStart);
    if (drop != null) {
      metrics.dropped(drop);
    }
  }

  void add(Point point) {
    if (point instanceof Point.Beat beat) {
      pane.beat(beat.instance());
    } else if (point instanceof Point.OfModel ofModel && !totals.add(ofModel)) {
      metrics.dropped(Drop.TOO_MANY_VERSIONS);
    } else if (point instanceof Point.Calls calls && calls.traffic() == Point.Traffic.LIVE) {
      rows.called(calls.version(), paneStart);
      pane.add(comparable(calls));
    } else if (point instanceof Point.OfSignal ofSignal) {
      Drop drop = signals.add(ofSignal, paneStart);
      if (drop != null) {
        metrics.dropped(drop);
      }
    }
  }

  private void logIfGuarded(Stretch stretch, Consumer<Stretch> log) {
    if (guarded) {
      log.accept(stretch);
    }
  }

  /** Hands on what happened last; nothing happens any more. */
  void end() {
    inputs.end(state);
  }

  /** Durations rounded in another way than those before would be compared with them; left out. */
  private Point.Calls comparable(Point.Calls calls) {
    HistogramSnapshot histogram = calls.durations();
    if (histogram == null || durations.accepts(histogram.bounds(), paneStart)) {
      return calls;
    }
    metrics.dropped(Drop.OTHER_BOUNDS);
    return calls.withoutDurations();
  }

  /** What is due to be looked at in a pane. */
  List<Pane.Reading> look(Instant start, Instant end) {
    return signals.take(start, end);
  }

  /**
   * Closes the pane at {@code end} and judges it. A collector may have thousands of models: where
   * nothing came and the engine lets the model rest, the pane is left out, and a model that no rule
   * fits has panes of a second.
   */
  void cut(Instant end) {
    if (!guarded && end.isBefore(paneStart.plus(UNGUARDED_PANE))) {
      return;
    }
    Instant start = paneStart;
    paneStart = end;
    rows.standIn(signals, pane, end);
    leftOut = mayRest && pane.isEmpty() && !signals.isDue(start, end) && rests(end);
    if (!leftOut) {
      close(start, end);
    }
  }

  private void close(Instant start, Instant end) {
    List<Pane.Reading> readings = look(start, end);
    for (Pane.Reading reading : readings) {
      totals.add(reading);
    }
    boolean idle = pane.isEmpty() && readings.isEmpty();
    Pane closed = pane.cut(start, end, readings);
    recent.add(closed);
    Instant before = state.now();
    Step step = make(new Event.PaneClosed(closed)).step();
    mayRest = guarded && step.records().isEmpty();
    restsUntil = null;
    if (idle) {
      inputs.dropIfSingle(closed, before);
    } else {
      changed = true;
    }
  }

  /** No longer than until the pane that takes in the end of a second of the clock. */
  private boolean rests(Instant end) {
    if (restsUntil == null) {
      Instant longest = state.now().plus(LONGEST_REST).truncatedTo(ChronoUnit.SECONDS);
      Instant asked = Engine.restsUntil(state);
      restsUntil = asked.isBefore(longest) ? asked : longest;
    }
    return end.isBefore(restsUntil);
  }

  /** Steps the model; events come in ascending order. */
  Stepped step(Event event) {
    makeUp();
    mayRest = false;
    return make(event);
  }

  /** Steps the last pane that was left out, so that what happens now finds the state as it is. */
  private void makeUp() {
    if (leftOut) {
      leftOut = false;
      Pane last = new Pane(paneStart.minus(PaneGrid.WIDTH), paneStart, List.of(), List.of());
      Instant before = state.now();
      make(new Event.PaneClosed(last));
      inputs.dropIfSingle(last, before);
    }
  }

  private Stepped make(Event event) {
    ModelState before = state;
    inputs.add(before, event);
    Step step = Engine.step(before, event);
    state = step.next();
    published = shown(state);
    changed |= !(event instanceof Event.PaneClosed) || !step.records().isEmpty();
    if (step.records().isEmpty() && step.actions().isEmpty()) {
      return new Stepped(step, CompletableFuture.completedFuture(null));
    }
    CompletionStage<?> written = sink.stepped(this, inputs.base(), inputs.events(), step);
    inputs.end(state);
    return new Stepped(step, written);
  }

  /**
   * A step that was made.
   *
   * @param written completes when it is written down
   */
  record Stepped(Step step, CompletionStage<?> written) {}

  /** The time to give an event that happens at {@code now}: never before the state's own. */
  Instant timeOf(Instant now) {
    return now.isBefore(state.now()) ? state.now() : now;
  }

  void setGuarded(boolean guarded) {
    this.guarded = guarded;
    mayRest = false;
    published = shown(state);
  }

  /** Whether anything worth showing changed since the last call. */
  boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  private ModelState shown(ModelState latest) {
    if (guarded) {
      return latest;
    }
    Set<Finding> findings = EnumSet.of(Finding.UNGUARDED);
    findings.addAll(latest.findings());
    return latest.withFindings(findings);
  }
}
