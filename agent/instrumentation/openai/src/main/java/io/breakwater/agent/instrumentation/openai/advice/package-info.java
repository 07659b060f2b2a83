/** What reads the calls of one copy of openai-java. */
@NullMarked
package io.breakwater.agent.instrumentation.openai.advice;

import org.jspecify.annotations.NullMarked;
