package io.breakwater.collector.runtime;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.engine.Pane;
import io.breakwater.signals.HistogramSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the signals of one model looked like in the last {@link #REACH}, for people: by version, in
 * slots of {@link #SLOT}. Within the quota that all models share; when half of it is used nothing
 * more is kept. Safe for use by many threads.
 */
public final class RecentSignals {
  /** How far back it reaches; up to a slot further. */
  public static final Duration REACH = Duration.ofMinutes(5);

  /** The signal of the durations of successful calls, in seconds. */
  public static final String DURATION = "duration";

  static final Duration SLOT = Duration.ofMinutes(1);

  private final CellQuota quota;
  private final Map<String, Map<String, Deque<Slot>>> versions = new TreeMap<>();

  RecentSignals(CellQuota quota) {
    this.quota = requireNonNull(quota, "quota");
  }

  /** Nothing. */
  public static RecentSignals none() {
    return new RecentSignals(new CellQuota(0));
  }

  /** Every signal of a version with what was seen of it; empty when nothing was. */
  public synchronized Map<String, Distribution> of(String version) {
    Map<String, Distribution> signals = new TreeMap<>();
    versions
        .getOrDefault(version, Map.of())
        .forEach((signal, slots) -> signals.put(signal, together(signal, slots)));
    return Collections.unmodifiableMap(signals);
  }

  private Distribution together(String signal, Deque<Slot> slots) {
    OpenSignal all = new OpenSignal(signal, quota);
    slots.forEach(slot -> all.add(slot.values.read()));
    return all.read();
  }

  /** Adds what a pane shows. */
  synchronized void add(Pane pane) {
    for (Pane.InstancePane instance : pane.instances()) {
      instance.durations().forEach((version, durations) -> add(pane, version, durations));
    }
    for (Pane.Reading reading : pane.readings()) {
      add(pane.end(), reading.version(), reading.signal(), reading.values());
    }
    if (pane.start().getEpochSecond() != pane.end().getEpochSecond()) {
      forgetOld(pane.end());
    }
  }

  private void add(Pane pane, String version, HistogramSnapshot durations) {
    Sketch sketch = new Sketch(List.of(durations), List.of());
    add(pane.end(), version, DURATION, new Numbers(sketch, null, 0));
  }

  private void add(Instant at, String version, String signal, Distribution values) {
    if (quota.isCrowded()) {
      return;
    }
    Deque<Slot> slots =
        versions
            .computeIfAbsent(version, v -> new TreeMap<>())
            .computeIfAbsent(signal, s -> new ArrayDeque<>());
    if (slots.isEmpty() || !at.isBefore(slots.getLast().start.plus(SLOT))) {
      Slot slot = new Slot(at, new OpenSignal(signal, quota));
      slots.addLast(slot);
      quota.add(slot.values.cells());
    }
    OpenSignal open = slots.getLast().values;
    long before = open.cells();
    open.add(values);
    quota.add(open.cells() - before);
  }

  private void forgetOld(Instant now) {
    Instant oldest = now.minus(REACH).minus(SLOT);
    for (Map<String, Deque<Slot>> signals : versions.values()) {
      for (Deque<Slot> slots : signals.values()) {
        while (!slots.isEmpty() && slots.getFirst().start.isBefore(oldest)) {
          quota.add(-slots.removeFirst().values.cells());
        }
      }
      signals.values().removeIf(Deque::isEmpty);
    }
    versions.values().removeIf(Map::isEmpty);
  }

  private record Slot(Instant start, OpenSignal values) {}
}
