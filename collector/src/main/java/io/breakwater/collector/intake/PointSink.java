package io.breakwater.collector.intake;

import java.util.List;

/** Where received points go. Safe for use by many threads; never blocks. */
public interface PointSink {
  /** Whether points wait longer than they should; senders are asked to come back. */
  boolean isBehind();

  /** Takes points that were received just now. */
  void offer(List<Point> points);
}
