/** Sees the calls of LightGBM4J. */
@NullMarked
package io.breakwater.agent.instrumentation.lightgbm;

import org.jspecify.annotations.NullMarked;
