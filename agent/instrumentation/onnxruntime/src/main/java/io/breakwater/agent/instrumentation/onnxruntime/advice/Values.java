package io.breakwater.agent.instrumentation.onnxruntime.advice;

import io.breakwater.agent.core.record.Recorder;

/** Writes values into a record, as floats or as doubles. */
final class Values {
  private Values() {}

  /** Words a value takes. */
  static int width(boolean doubles) {
    return doubles ? 2 : 1;
  }

  static void put(int[] words, int at, boolean doubles, double value) {
    if (doubles) {
      Recorder.putDouble(words, at, value);
    } else {
      words[at] = Float.floatToRawIntBits((float) value);
    }
  }
}
