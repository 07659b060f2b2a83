package io.breakwater.collector.runtime;

import io.breakwater.collector.intake.Batch;
import io.breakwater.collector.intake.Point;
import io.breakwater.collector.intake.Series;
import java.util.ArrayList;
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
  private final Seat[] seats;
  private final int[] indexes;
  private final boolean counted;
  private int size;
  private int touched;

  /**
   * A share of a batch.
   *
   * @param counted whether its points were counted by their seats
   */
  Share(Batch batch, CellQuota quota, boolean counted) {
    this.batch = batch;
    this.quota = quota;
    this.counted = counted;
    batch.share();
    this.seats = new Seat[batch.size()];
    this.indexes = new int[batch.size()];
  }

  /** Adds the batch's point {@code index}. */
  void add(Seat seat, int index) {
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
    try {
      for (int i = 0; i < beats.size(); i++) {
        beaten.get(i).lane().add(beats.get(i));
      }
      for (int from = 0; from < size; from += GROUP) {
        deliver(from, Math.min(size, from + GROUP));
      }
    } finally {
      batch.release();
    }
  }

  private void deliver(int from, int to) {
    for (int i = from; i < to; i++) { // so that the waits for memory overlap
      homes[i - from] = batch.home(indexes[i]) instanceof DenseCounts home ? home : NOWHERE;
      touched += homes[i - from].touch();
    }
    for (int i = from; i < to; i++) {
      touched += homes[i - from].touch(batch, indexes[i]);
    }
    for (int i = from; i < to; i++) {
      try {
        deliver(i, homes[i - from]);
      } catch (RuntimeException e) {
        log.error("A point could not be taken; its lane and the others go on", e);
      }
    }
    for (int i = from; counted && i < to; i++) {
      seats[i].took();
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

  /** Of no use but that it is the outcome of reads that nothing else uses. */
  int touched() {
    return touched;
  }
}
