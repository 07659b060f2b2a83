/** Sees the calls of Spring AI's chat models. */
@NullMarked
package io.breakwater.agent.instrumentation.springai;

import org.jspecify.annotations.NullMarked;
