package io.breakwater.engine.detect;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where drift shows most.
 *
 * @param side number of the side, as in {@link Edges}
 * @param since start of the first look in the evidence; null when there is none
 * @param until end of the last look in it, or null
 * @param seen rows in the evidence
 * @param bad rows on the side that holds too many
 * @param normal share of the reference's rows on that side, 0..1
 * @param what what makes a row one of them, in words: {@code above 0.84}
 * @param sentence the whole in words
 */
public record DriftFinding(
    int side,
    @Nullable Instant since,
    @Nullable Instant until,
    long seen,
    long bad,
    double normal,
    String what,
    String sentence) {
  public DriftFinding {
    requireNonNull(what, "what");
    requireNonNull(sentence, "sentence");
  }
}
