package io.breakwater.agent.instrumentation.xgboost.advice;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import ml.dmlc.xgboost4j.java.DMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The values of small matrices between their making and the prediction that they are made for: a
 * matrix keeps them in native memory, where they cannot be read.
 *
 * <p>Holds copies of at most {@value #PLACES} matrices with {@value #MOST_VALUES} values each, 1
 * MiB in all; a later one takes the place of an earlier. Safe for use by many threads.
 */
final class Matrices {
  static final int MOST_VALUES = 4_096;
  private static final int PLACES = 64;

  private static final AtomicReferenceArray<@Nullable Copy> COPIES =
      new AtomicReferenceArray<>(PLACES);

  private Matrices() {}

  /** What a matrix was made from. */
  private static final class Copy extends WeakReference<DMatrix> {
    private final float[] values;

    Copy(DMatrix matrix, float[] values) {
      super(matrix);
      this.values = values;
    }
  }

  static void made(DMatrix matrix, float[] from) {
    if (from.length <= MOST_VALUES) {
      COPIES.setRelease(place(matrix), new Copy(matrix, from.clone()));
    }
  }

  /** The rows of a matrix, if they are still known. */
  static Rows rows(DMatrix matrix, int rows, boolean margin) {
    Copy copy = COPIES.getAcquire(place(matrix));
    return copy != null && copy.get() == matrix && rows > 0
        ? Rows.of(copy.values, copy.values.length / rows, Float.NaN, margin)
        : Rows.unknown(margin);
  }

  private static int place(DMatrix matrix) {
    return System.identityHashCode(matrix) & (PLACES - 1);
  }
}
