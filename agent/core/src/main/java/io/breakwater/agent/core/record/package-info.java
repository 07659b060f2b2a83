/**
 * Recording: what a serving thread does per call, and the series its records become.
 *
 * <p>A call becomes one record of primitives in a striped ring; a daemon thread files the records'
 * values into the histograms and counters of their series.
 */
@NullMarked
package io.breakwater.agent.core.record;

import org.jspecify.annotations.NullMarked;
