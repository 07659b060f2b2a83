/**
 * What the agent sends and the collector reads: the catalogue of metrics and attributes, and the
 * arithmetic of exponential histograms.
 *
 * <p>Pure: no I/O, no threads, no clock.
 */
@NullMarked
package io.breakwater.signals;

import org.jspecify.annotations.NullMarked;
