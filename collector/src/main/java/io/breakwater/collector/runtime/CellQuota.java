package io.breakwater.collector.runtime;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the signals of all models together may take, in cells of 8 bytes: whatever is
 * sent, the heap does not fill with it. Safe for use by many threads.
 */
final class CellQuota {
  private final AtomicLong used = new AtomicLong();
  private final long most;

  CellQuota(long most) {
    this.most = most;
  }

  /** A quarter of the heap. */
  static CellQuota ofHeap() {
    return new CellQuota(Runtime.getRuntime().maxMemory() / 4 / Long.BYTES);
  }

  /** Whether nothing more should be taken in. */
  boolean isFull() {
    return used.get() >= most;
  }

  /** Whether what is only nice to have should not be kept any more. */
  boolean isCrowded() {
    return used.get() >= most / 2;
  }

  /** Notes that so many more cells are in use; fewer when below 0. */
  void add(long cells) {
    used.addAndGet(cells);
  }

  long used() {
    return used.get();
  }
}
