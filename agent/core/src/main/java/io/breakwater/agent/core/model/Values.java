package io.breakwater.agent.core.model;

import io.breakwater.agent.core.record.Recorder;

/** Writes values into a record, as floats or as doubles. */
public final class Values {
  private Values() {}

  /** Words a value takes. */
  public static int width(boolean doubles) {
    return doubles ? 2 : 1;
  }

  /** Writes one. */
  public static void put(int[] words, int at, boolean doubles, double value) {
    if (doubles) {
      Recorder.putDouble(words, at, value);
    } else {
      words[at] = Float.floatToRawIntBits((float) value);
    }
  }
}
