/** Recorded rows through the engine: when would a policy have breached? */
@NullMarked
package io.breakwater.collector.backtest;

import org.jspecify.annotations.NullMarked;
