/** Sees the calls of openai-java. */
@NullMarked
package io.breakwater.agent.instrumentation.openai;

import org.jspecify.annotations.NullMarked;
