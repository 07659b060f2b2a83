package io.breakwater.engine.reference;

/**
 * How far a reference is that is still being gathered.
 *
 * @param rows rows of the signal so far
 * @param rowsWanted rows it takes
 * @param panes panes they came in; it takes {@link Reference#MIN_PANES} at least
 */
public record Progress(long rows, long rowsWanted, long panes) {}
