/** What reads the calls of one copy of Spring AI. */
@NullMarked
package io.breakwater.agent.instrumentation.springai.advice;

import org.jspecify.annotations.NullMarked;
