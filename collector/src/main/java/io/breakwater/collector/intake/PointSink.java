package io.breakwater.collector.intake;

import java.util.Map;

/** Where received points go. Safe for use by many threads; never blocks. */
public interface PointSink {
  /** Whether points wait longer than they should; senders are asked to come back. */
  boolean isBehind();

  /**
   * Takes points that were received just now; returns how many were refused at once, and why. What
   * reads the batch after this call has to {@linkplain Batch#share share} and release it.
   */
  Map<Drop, Long> offer(Batch points);
}
