/** Sees the calls of H2O genmodel. */
@NullMarked
package io.breakwater.agent.instrumentation.h2o;

import org.jspecify.annotations.NullMarked;
