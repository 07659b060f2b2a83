/** Sees the calls of anthropic-java. */
@NullMarked
package io.breakwater.agent.instrumentation.anthropic;

import org.jspecify.annotations.NullMarked;
