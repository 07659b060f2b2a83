package io.breakwater.collector.runtime;

import io.breakwater.collector.intake.Batch;
import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.signals.HistogramSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Histograms of many senders put together: those of one scale are merged, those of different scales
 * kept apart, since merging would make all as coarse as the coarsest. Beyond {@value #MAX_PARTS}
 * scales the coarsest are merged; a part is made coarser while a side has over {@value
 * #MAX_BUCKETS} buckets; of more than {@value #MAX_OUTSIDE} windows the counts outside are put
 * together under the bound that is true of all. Counts stay exact. For use by one thread.
 */
final class GatheredNumbers {
  static final int MAX_PARTS = 4;
  static final int MAX_BUCKETS = 1_024;
  static final int MAX_OUTSIDE = 32;

  private final TreeMap<Integer, HistogramSnapshot> parts =
      new TreeMap<>(Comparator.reverseOrder());
  private final Map<Window, Long> outside = new TreeMap<>(Window.ORDER);

  /** Points as they came, by scale; the first ones that are used. */
  private final List<DenseCounts> dense = new ArrayList<>(1);

  /**
   * Adds a point as it stands in its request.
   *
   * @return where further ones like it can be added at once, or null
   */
  @Nullable DenseCounts add(Batch batch, int i) {
    DenseCounts own = null;
    for (DenseCounts one : dense) {
      own = one.scale() == batch.scale(i) ? one : own;
    }
    if (own == null && dense.size() < MAX_PARTS) {
      own = new DenseCounts(batch.scale(i));
      dense.add(own);
    }
    if (own != null && own.makesRoomFor(batch, i)) {
      own.add(batch, i);
      return own;
    }
    add(batch.histogram(i).withoutExtremes());
    return null;
  }

  /** Values that came as they stood in requests, since the last call. */
  long takePaneRows() {
    long rows = 0;
    for (DenseCounts one : dense) {
      rows += one.takePaneRows();
    }
    return rows;
  }

  /** Notes that nothing more may be added. */
  void end() {
    dense.forEach(DenseCounts::end);
  }

  void add(HistogramSnapshot values) {
    if (values.count() == 0) {
      return;
    }
    HistogramSnapshot added = fitted(values);
    for (HistogramSnapshot same = parts.remove(added.scale());
        same != null;
        same = parts.remove(added.scale())) {
      added = fitted(same.merge(added));
    }
    parts.put(added.scale(), added);
    if (parts.size() > MAX_PARTS) {
      HistogramSnapshot coarsest = parts.pollLastEntry().getValue();
      add(parts.pollLastEntry().getValue().merge(coarsest));
    }
  }

  private static HistogramSnapshot fitted(HistogramSnapshot values) {
    HistogramSnapshot fitted = values;
    while (Math.max(fitted.positive().size(), fitted.negative().size()) > MAX_BUCKETS) {
      fitted = fitted.atScale(fitted.scale() - 1);
    }
    return fitted;
  }

  void addOutside(boolean low, double bound, long count) {
    Window window = new Window(low, bound);
    boolean room = outside.containsKey(window) || sides(low).size() < MAX_OUTSIDE;
    outside.merge(room ? window : widest(window), count, Long::sum);
  }

  /** The window of a side that what lies outside {@code other} lies outside of too. */
  private Window widest(Window other) {
    long counts = 0;
    double bound = other.bound;
    for (Window one : sides(other.low)) {
      bound = other.low ? Math.max(bound, one.bound) : Math.min(bound, one.bound);
      counts += outside.getOrDefault(one, 0L);
      outside.remove(one);
    }
    Window widest = new Window(other.low, bound);
    outside.put(widest, counts);
    return widest;
  }

  private List<Window> sides(boolean low) {
    return outside.keySet().stream().filter(window -> window.low == low).toList();
  }

  void add(Sketch sketch) {
    sketch.parts().forEach(this::add);
    sketch.outside().forEach(one -> addOutside(one.low(), one.bound(), one.count()));
  }

  Sketch sketch() {
    List<Outside> counts = new ArrayList<>();
    outside.forEach((window, n) -> counts.add(new Outside(window.low, window.bound, n)));
    return new Sketch(histograms(), counts);
  }

  private static boolean isUnused(DenseCounts one) {
    boolean unused = one.isEmpty();
    if (unused) {
      one.end();
    }
    return unused;
  }

  private List<HistogramSnapshot> histograms() {
    GatheredNumbers all = null;
    HistogramSnapshot first = null;
    for (DenseCounts one : dense) {
      if (!one.isEmpty()) {
        HistogramSnapshot histogram = one.snapshot();
        if (first == null && parts.isEmpty()) {
          first = histogram;
        } else {
          all = all == null ? copy(first) : all;
          all.add(histogram);
        }
      }
    }
    if (all != null) {
      return List.copyOf(all.parts.values());
    }
    return first == null ? List.copyOf(parts.values()) : List.of(first);
  }

  private GatheredNumbers copy(@Nullable HistogramSnapshot more) {
    GatheredNumbers copy = new GatheredNumbers();
    parts.values().forEach(copy::add);
    if (more != null) {
      copy.add(more);
    }
    return copy;
  }

  /** Begins anew; memory for scales that were used is kept for the next points. */
  void clear() {
    parts.clear();
    outside.clear();
    dense.removeIf(GatheredNumbers::isUnused);
    dense.forEach(DenseCounts::clear);
  }

  /** Memory in use, in numbers of 8 bytes. */
  long cells() {
    long cells = 2L * outside.size();
    for (DenseCounts one : dense) {
      cells += one.cells();
    }
    for (HistogramSnapshot part : parts.values()) {
      cells += part.positive().size() + part.negative().size();
    }
    return cells;
  }

  private record Window(boolean low, double bound) {
    static final Comparator<Window> ORDER =
        Comparator.comparing(Window::low).thenComparing(Window::bound);
  }
}
