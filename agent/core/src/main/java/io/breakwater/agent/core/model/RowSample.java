package io.breakwater.agent.core.model;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Which rows of a call are recorded: all, or where a record does not hold them, every k-th from a
 * random one on. So each row is as likely as any other. Packed into a long: first row, then k.
 */
public final class RowSample {
  /** All rows. */
  public static final long ALL = 1;

  private RowSample() {}

  /** A sample of at most so many rows. */
  public static long of(int rows, int most) {
    if (rows <= most) {
      return ALL;
    }
    int step = (rows + most - 1) / most;
    return ((long) ThreadLocalRandom.current().nextInt(step) << Integer.SIZE) | step;
  }

  /** How many rows it has. */
  public static int size(long sample, int rows) {
    int step = step(sample);
    return (rows - first(sample) + step - 1) / step;
  }

  /** The first of them. */
  public static int first(long sample) {
    return (int) (sample >>> Integer.SIZE);
  }

  /** From one to the next. */
  public static int step(long sample) {
    return (int) sample;
  }
}
