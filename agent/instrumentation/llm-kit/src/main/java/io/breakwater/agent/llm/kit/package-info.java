/** What tests of LLM clients share: a server that speaks their protocols, and what was recorded. */
@NullMarked
package io.breakwater.agent.llm.kit;

import org.jspecify.annotations.NullMarked;
