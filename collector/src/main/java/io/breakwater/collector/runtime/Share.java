package io.breakwater.collector.runtime;

import io.breakwater.collector.intake.Batch;
import io.breakwater.collector.intake.Point;
import io.breakwater.collector.intake.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of a batch is for the lanes of one thread. Filled by one thread, delivered by another. */
final class Share {
  private static final int GROUP = 32;
  private static final Logger log = LoggerFactory.getLogger(Share.class);

  private static final DenseCounts NOWHERE = new DenseCounts(0);

  private final DenseCounts[] homes = new DenseCounts[GROUP];
  private final Batch batch;
  private final CellQuota quota;
  private final List<Seat> beaten = new ArrayList<>(0);
  private final List<Point.Beat> beats = new ArrayList<>(0);
  private Seat[] seats = new Seat[GROUP];
  private int[] indexes = new int[GROUP];
  private int size;
  private int touched;

  Share(Batch batch, CellQuota quota) {
    this.batch = batch;
    this.quota = quota;
  }

  /** Adds the batch's point {@code index}. */
  void add(Seat seat, int index) {
    if (size == indexes.length) {
      seats = Arrays.copyOf(seats, 2 * size);
      indexes = Arrays.copyOf(indexes, 2 * size);
    }
    seats[size] = seat;
    indexes[size++] = index;
  }

  /** Adds a heartbeat. */
  void add(Seat seat, Point.Beat beat) {
    beaten.add(seat);
    beats.add(beat);
  }

  int size() {
    return size + beats.size();
  }

  /** Hands everything to its lane; on the lanes' thread. */
  void deliver() {
    for (int i = 0; i < beats.size(); i++) {
      beaten.get(i).lane().add(beats.get(i));
    }
    for (int from = 0; from < size; from += GROUP) {
      deliver(from, Math.min(size, from + GROUP));
    }
  }

  private void deliver(int from, int to) {
    for (int i = from; i < to; i++) { // so that the waits for memory overlap
      Series series = batch.series(indexes[i]);
      homes[i - from] =
          series != null && series.home() instanceof DenseCounts home ? home : NOWHERE;
      touched += homes[i - from].touch() + seats[i].touch();
    }
    for (int i = from; i < to; i++) {
      touched += homes[i - from].touch(batch, indexes[i]);
    }
    int untold = from; // points from here on are not counted as taken yet
    for (int i = from; i < to; i++) {
      try {
        deliver(i, homes[i - from]);
      } catch (RuntimeException e) {
        log.error("A point could not be taken; its lane and the others go on", e);
      }
      if (i + 1 == to || seats[i + 1] != seats[i]) {
        seats[i].took(i + 1 - untold);
        untold = i + 1;
      }
    }
  }

  /** Most points need nothing of their lane but that it was told of one like them before. */
  private void deliver(int i, DenseCounts home) {
    int index = indexes[i];
    if (!home.isEmpty() && home.takes(batch, index) && !quota.isFull()) {
      home.add(batch, index);
      return;
    }
    Lane lane = seats[i].lane();
    Series series = batch.series(index);
    if (series == null) {
      lane.add(batch.point(index));
    } else {
      lane.add(batch, index, series);
    }
  }

  /** Notes the outcome of reads that nothing else uses. */
  void touched(int outcome) {
    touched += outcome;
  }

  /** Of no use but that it is the outcome of reads that nothing else uses. */
  int touched() {
    return touched;
  }
}
