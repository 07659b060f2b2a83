package io.breakwater.collector.runtime;

import io.breakwater.collector.config.Limits;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much the signals may take: those of all models together in memory, in cells of 8 bytes, so
 * that the heap does not fill whatever is sent; those of one version in number; those of one signal
 * in names. Safe for use by many threads.
 */
final class CellQuota {
  private final AtomicLong used = new AtomicLong();
  private final long most;
  private volatile Limits limits = Limits.DEFAULTS;

  CellQuota(long most) {
    this.most = most;
  }

  /** A quarter of the heap. */
  static CellQuota ofHeap() {
    return new CellQuota(Runtime.getRuntime().maxMemory() / 4 / Long.BYTES);
  }

  /** Has other limits hold from now on. */
  void use(Limits other) {
    limits = other;
  }

  /** Most signals of one version. */
  int signals() {
    return limits.signals();
  }

  /** Most classes or categories of one signal. */
  int names() {
    return limits.names();
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
