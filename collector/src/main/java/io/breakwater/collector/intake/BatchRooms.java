package io.breakwater.collector.intake;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Memory of batches that are done with, for the next ones: making it anew costs more than filling
 * it. At most {@value #MOST} are kept, 12 MiB. Safe for use by many threads.
 */
final class BatchRooms {
  private static final int MOST = 4;

  private final ArrayDeque<Batch.Room> rooms = new ArrayDeque<>(MOST);

  synchronized Batch.@Nullable Room poll() {
    return rooms.poll();
  }

  synchronized void offer(Batch.Room room) {
    if (rooms.size() < MOST) {
      rooms.push(room);
    }
  }
}
