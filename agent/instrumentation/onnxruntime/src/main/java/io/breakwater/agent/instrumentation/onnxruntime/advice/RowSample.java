package io.breakwater.agent.instrumentation.onnxruntime.advice;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Which rows of a call are recorded: all, or where a record does not hold them, every k-th from a
 * random one on. So each row is as likely as any other. Packed into a long: first row, then k.
 */
final class RowSample {
  /** All rows. */
  static final long ALL = 1;

  private RowSample() {}

  /** A sample of at most so many rows. */
  static long of(int rows, int most) {
    if (rows <= most) {
      return ALL;
    }
    int step = (rows + most - 1) / most;
    return ((long) ThreadLocalRandom.current().nextInt(step) << Integer.SIZE) | step;
  }

  /** How many rows it has. */
  static int size(long sample, int rows) {
    int step = step(sample);
    return (rows - first(sample) + step - 1) / step;
  }

  static int first(long sample) {
    return (int) (sample >>> Integer.SIZE);
  }

  static int step(long sample) {
    return (int) sample;
  }
}
