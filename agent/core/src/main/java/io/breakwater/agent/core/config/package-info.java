/** The agent's settings: where they come from, what they mean, what is wrong with them. */
@NullMarked
package io.breakwater.agent.core.config;

import org.jspecify.annotations.NullMarked;
