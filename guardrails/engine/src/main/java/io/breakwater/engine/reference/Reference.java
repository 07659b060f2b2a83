package io.breakwater.engine.reference;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.Distribution;
import org.jspecify.annotations.Nullable;

/**
 * What one signal looked like when all was well.
 *
 * @param values all of it
 * @param panes how many panes it was gathered in
 * @param dispersion the greatest of the dispersions: rows of a stream count for at least {@code 1 /
 *     dispersion} of an independent row each
 * @param dispersions by how much the shares of its panes vary more than those of independent rows
 *     would; null stands for the same everywhere
 */
public record Reference(
    Distribution values, long panes, double dispersion, @Nullable Dispersions dispersions) {
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
    dispersions = dispersions == null ? Dispersions.uniform(dispersion) : dispersions;
    if (dispersions.greatest() != dispersion) {
      throw new IllegalArgumentException(
          "dispersion: "
              + dispersion
              + " (expected: "
              + dispersions.greatest()
              + ", the greatest)");
    }
  }

  /** A reference with the same dispersion everywhere. */
  public Reference(Distribution values, long panes, double dispersion) {
    this(values, panes, dispersion, Dispersions.uniform(dispersion));
  }

  /** A reference. */
  public static Reference of(Distribution values, long panes, Dispersions dispersions) {
    return new Reference(values, panes, dispersions.greatest(), dispersions);
  }
}
