package io.breakwater.agent.instrumentation.djl.advice;

import org.jspecify.annotations.Nullable;

/** Inputs of predictors that are plain numbers; those of tensors are read by their engine. */
final class Numbers {
  private Numbers() {}

  static int count(@Nullable Object input) {
    if (input instanceof float[]) {
      return ((float[]) input).length;
    }
    if (input instanceof double[]) {
      return ((double[]) input).length;
    }
    return input instanceof Number ? 1 : 0;
  }

  static double at(@Nullable Object input, int column) {
    if (input instanceof float[]) {
      return ((float[]) input)[column];
    }
    if (input instanceof double[]) {
      return ((double[]) input)[column];
    }
    return input instanceof Number ? ((Number) input).doubleValue() : Double.NaN;
  }
}
