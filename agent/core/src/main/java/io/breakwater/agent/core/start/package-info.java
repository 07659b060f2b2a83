/**
 * From the premain to the first class of a known library: reads the settings, says what will be
 * done, and waits.
 *
 * <p>What is here runs in every JVM that has the agent, also in those that never load a model. So
 * it uses no lambda, no {@code java.util.logging} and no class of another package before it must.
 */
@NullMarked
package io.breakwater.agent.core.start;

import org.jspecify.annotations.NullMarked;
