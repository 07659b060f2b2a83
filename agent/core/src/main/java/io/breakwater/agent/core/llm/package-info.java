/**
 * Calls of language models as their clients see them: what one call says about itself ({@link
 * io.breakwater.agent.core.llm.LlmCall}), and what is recorded of it. Lengths and counts only,
 * never a text.
 */
@NullMarked
package io.breakwater.agent.core.llm;

import org.jspecify.annotations.NullMarked;
