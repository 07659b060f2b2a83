/** Sees the calls of LangChain4j's chat models. */
@NullMarked
package io.breakwater.agent.instrumentation.langchain4j;

import org.jspecify.annotations.NullMarked;
