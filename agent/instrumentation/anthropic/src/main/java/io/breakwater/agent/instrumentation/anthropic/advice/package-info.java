/** What reads the calls of one copy of anthropic-java. */
@NullMarked
package io.breakwater.agent.instrumentation.anthropic.advice;

import org.jspecify.annotations.NullMarked;
