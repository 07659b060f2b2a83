/** Records the inferences that own code declares through {@code io.breakwater.api}. */
@NullMarked
package io.breakwater.agent.instrumentation.api;

import org.jspecify.annotations.NullMarked;
