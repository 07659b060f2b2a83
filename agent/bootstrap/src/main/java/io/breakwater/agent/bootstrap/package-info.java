/**
 * The part of the agent that its host can see: the premain class, the loader that hides everything
 * else, and the hook that instrumented classes call. Uses the JDK only.
 */
@NullMarked
package io.breakwater.agent.bootstrap;

import org.jspecify.annotations.NullMarked;
