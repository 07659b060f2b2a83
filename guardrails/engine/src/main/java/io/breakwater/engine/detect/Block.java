package io.breakwater.engine.detect;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * One or more neighbouring panes that are judged together.
 *
 * @param start beginning of the first pane in which the version judged had a call, or of the first
 *     pane when there was none
 * @param end end of the last pane
 */
public record Block(Instant start, Instant end, Tally tally) {
  public Block {
    requireNonNull(start, "start");
    requireNonNull(end, "end");
    requireNonNull(tally, "tally");
  }

  Block plus(Block later) {
    return new Block(tally.calls() == 0 ? later.start : start, later.end, tally.plus(later.tally));
  }

  boolean isEmpty() {
    return tally.calls() == 0 && tally.againstCalls() == 0;
  }
}
