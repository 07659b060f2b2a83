package io.breakwater.engine.detect;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The stretch of time that speaks against a version: from the most likely moment of change until
 * now.
 *
 * @param since start of the first pane in it; null before the first block
 * @param until end of the last pane in it; null before the first block
 * @param tally what happened in it
 */
public record Excursion(@Nullable Instant since, @Nullable Instant until, Tally tally) {}
