/** What reads the calls of one copy of LangChain4j. */
@NullMarked
package io.breakwater.agent.instrumentation.langchain4j.advice;

import org.jspecify.annotations.NullMarked;
