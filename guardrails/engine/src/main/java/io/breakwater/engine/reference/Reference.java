package io.breakwater.engine.reference;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.Distribution;

/**
 * What one signal looked like when all was well.
 *
 * @param values all of it
 * @param panes how many panes it was gathered in
 * @param dispersion by how much the shares of its panes vary more than those of independent rows
 *     would, at least 1: {@code max over edges of n Var(pane share) / (F (1 - F))}. Rows of a
 *     stream count for {@code 1 / dispersion} of an independent row each.
 */
public record Reference(Distribution values, long panes, double dispersion) {
  /** Rows below which nothing is compared with it. */
  public static final long MIN_ROWS = 1_000;

  /** Panes that are needed to tell the dispersion. */
  public static final long MIN_PANES = 30;

  public Reference {
    requireNonNull(values, "values");
    if (panes < 0) {
      throw new IllegalArgumentException("panes: " + panes + " (expected: >= 0)");
    }
    if (!(dispersion >= 1 && dispersion < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("dispersion: " + dispersion + " (expected: >= 1)");
    }
  }
}
