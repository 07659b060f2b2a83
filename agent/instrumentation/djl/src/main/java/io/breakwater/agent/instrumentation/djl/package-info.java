/** Sees the calls of DJL. */
@NullMarked
package io.breakwater.agent.instrumentation.djl;

import org.jspecify.annotations.NullMarked;
