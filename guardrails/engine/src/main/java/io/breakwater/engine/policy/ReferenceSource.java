package io.breakwater.engine.policy;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Where a model's drift guardrails take from what is normal. */
public sealed interface ReferenceSource {
  /**
   * What a version serves first.
   *
   * @param version whose rows; null means that every version is compared with its own
   * @param rows how many rows of a signal are needed
   */
  record FirstRows(@Nullable String version, long rows) implements ReferenceSource {
    /** Rows when the guardrail file names no number. */
    public static final long DEFAULT_ROWS = 10_000;

    public FirstRows {
      if (rows < 1) {
        throw new IllegalArgumentException("rows: " + rows + " (expected: >= 1)");
      }
    }
  }

  /**
   * A reference that was built beforehand, and comes as an event.
   *
   * @param digest SHA-256 of its content, in hex
   */
  record Prepared(String digest) implements ReferenceSource {
    public Prepared {
      requireNonNull(digest, "digest");
    }
  }
}
