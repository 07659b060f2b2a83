package io.breakwater.collector.csv;

import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.signals.Attributes;
import io.breakwater.signals.PinnedHistogram;
import io.breakwater.signals.PinnedSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of one column, summed up as the agent sums up a signal: the same histograms, the same
 * limit of {@value #MAX_NAMES} names, beyond which all are {@code other}. For use by one thread.
 */
public final class SignalStream {
  /** Classes or categories that are told apart. */
  static final int MAX_NAMES = 50;

  private final SignalColumn column;
  private final PinnedHistogram values = new PinnedHistogram();
  private @Nullable PinnedHistogram complement;
  private final Set<String> names = new HashSet<>();
  private Map<String, Long> counts = new TreeMap<>();
  private long rows;
  private long missing;

  /** The stream of a column. */
  public SignalStream(SignalColumn column) {
    this.column = column;
    this.complement = column.isScore() ? new PinnedHistogram() : null;
  }

  /** The column. */
  public SignalColumn column() {
    return column;
  }

  /** Rows since the last {@link #take}. */
  public long rows() {
    return rows;
  }

  /** Adds the present row's value. */
  public void add(CsvFile csv) throws CsvException {
    rows++;
    if (column.isNames()) {
      addName(csv);
    } else {
      addNumber(csv.number(column.index()));
    }
  }

  private void addName(CsvFile csv) {
    if (csv.isMissing(column.index())) {
      missing++;
      return;
    }
    String name = csv.text(column.index());
    boolean room = names.contains(name) || names.size() < MAX_NAMES;
    if (room) {
      names.add(name);
    }
    counts.merge(room ? name : Attributes.OTHER, 1L, Long::sum);
  }

  private void addNumber(double value) {
    values.record(value);
    if (complement == null || Double.isNaN(value)) {
      return;
    }
    if (value >= 0 && value <= 1) {
      complement.record(1 - value);
    } else {
      complement = null; // no probability
    }
  }

  /** What was added since the last call. */
  public Distribution take() {
    rows = 0;
    if (column.isNames()) {
      Names taken = new Names(counts, missing);
      counts = new TreeMap<>();
      missing = 0;
      return taken;
    }
    PinnedSnapshot snapshot = values.snapshotAndReset();
    Sketch mirrored = complement == null ? null : sketch(complement.snapshotAndReset());
    return new Numbers(sketch(snapshot), mirrored, snapshot.missing());
  }

  private static Sketch sketch(PinnedSnapshot snapshot) {
    List<Outside> outside = new ArrayList<>();
    if (snapshot.low() > 0) {
      outside.add(new Outside(true, snapshot.lowBound(), snapshot.low()));
    }
    if (snapshot.high() > 0) {
      outside.add(new Outside(false, snapshot.highBound(), snapshot.high()));
    }
    return new Sketch(
        snapshot.histogram().isEmpty() ? List.of() : List.of(snapshot.histogram()), outside);
  }
}
