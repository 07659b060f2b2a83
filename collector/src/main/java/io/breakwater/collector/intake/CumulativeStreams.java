package io.breakwater.collector.intake;

import io.breakwater.signals.HistogramSnapshot;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns points of cumulative streams into what came in since the point before.
 *
 * <p>The first point of a stream is a baseline. A count that went down is a reset: the point counts
 * from zero. So it does when its start moved behind the end of the point before; a start that moved
 * otherwise makes a new baseline. Differences of histograms are exact: buckets of different scales
 * nest, so the finer one is taken at the scale of the coarser.
 *
 * <p>Bounded in streams and memory; streams silent for {@value #FORGET_MINUTES} minutes make room.
 * Safe for use by many threads.
 */
final class CumulativeStreams {
  private static final int FORGET_MINUTES = 15;
  private static final long FORGET_NANOS = FORGET_MINUTES * 60_000_000_000L;
  private static final long CELLS_EACH = 24;

  private int most;
  private final long mostCells;
  private final LongSupplier nanoTime;

  /** By key, the one that was silent longest first. */
  private final Map<Key, Last> streams = new LinkedHashMap<>(16, 0.75f, true);

  private long cells;

  CumulativeStreams(int most, long mostCells, LongSupplier nanoTime) {
    this.most = most;
    this.mostCells = mostCells;
    this.nanoTime = nanoTime;
  }

  /** As many as fit into a sixteenth of the heap. */
  static CumulativeStreams ofHeap(LongSupplier nanoTime) {
    return new CumulativeStreams(
        IntakeLimits.DEFAULTS.cumulativeStreams(),
        Runtime.getRuntime().maxMemory() / 16 / Long.BYTES,
        nanoTime);
  }

  /**
   * Has at most {@code streams} remembered; with fewer than there are, those that are silent go.
   */
  synchronized void setMost(int streams) {
    most = streams;
  }

  /**
   * Replaces what is in the point by what came in since the stream's point before; returns why it
   * is of no use, or null.
   */
  @Nullable Drop subtract(long high, long low, String metric, DataPoint point) {
    Last now;
    try {
      HistogramSnapshot histogram = point.histogram(!PointReader.roundsDown(metric));
      long count = point.isHistogram() ? point.count : point.sum();
      now = new Last(point.start, point.end, count, histogram, nanoTime.getAsLong());
    } catch (IllegalArgumentException e) {
      return Drop.BAD_POINT;
    }
    Last before;
    synchronized (this) {
      Key key = new Key(high, low);
      before = streams.get(key);
      if (before == null && !hasRoom(now)) {
        return Drop.TOO_MANY_STREAMS;
      }
      if (before != null && now.isNotAfter(before)) {
        return Drop.REPEATED;
      }
      cells += now.cells() - (before == null ? 0 : before.cells());
      streams.put(key, now);
    }
    return before == null ? Drop.BASELINE : subtract(before, now, point);
  }

  private boolean hasRoom(Last now) {
    Iterator<Last> silent = streams.values().iterator();
    while (streams.size() >= most || cells + now.cells() > mostCells) {
      if (!silent.hasNext()) {
        return false;
      }
      Last oldest = silent.next();
      if (now.nanos - oldest.nanos < FORGET_NANOS) {
        return false;
      }
      cells -= oldest.cells();
      silent.remove();
    }
    return true;
  }

  private static @Nullable Drop subtract(Last before, Last now, DataPoint point) {
    boolean moved = now.start != before.start;
    Last difference = moved ? null : now.minus(before);
    if (difference == null) {
      boolean fromZero =
          moved ? now.start - before.end >= 0 && now.start != 0 : now.count < before.count;
      if (!fromZero && !(moved && now.count < before.count)) {
        return Drop.BASELINE;
      }
      difference = now;
    }
    point.replace(difference.count, (double) difference.count, difference.histogram);
    return null;
  }

  private record Key(long high, long low) {}

  /** The latest point of a stream. */
  private record Last(
      long start, long end, long count, @Nullable HistogramSnapshot histogram, long nanos) {
    boolean isNotAfter(Last before) {
      return start == before.start && end - before.end <= 0;
    }

    long cells() {
      return CELLS_EACH
          + (histogram == null ? 0 : histogram.positive().size() + histogram.negative().size());
    }

    /** What came in since; null when something went down. */
    @Nullable Last minus(Last before) {
      if (count < before.count || (histogram == null) != (before.histogram == null)) {
        return null;
      }
      try {
        HistogramSnapshot since =
            histogram == null || before.histogram == null
                ? null
                : histogram.minus(before.histogram);
        return new Last(before.end, end, count - before.count, since, nanos);
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
  }
}
