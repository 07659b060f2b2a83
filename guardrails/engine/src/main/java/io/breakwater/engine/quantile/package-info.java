/** Quantiles as they are shown to people: with what can be said of them. */
@NullMarked
package io.breakwater.engine.quantile;

import org.jspecify.annotations.NullMarked;
