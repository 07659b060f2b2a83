/**
 * Declares inferences of own code, for models that run in no library the agent knows. Start at
 * {@link io.breakwater.api.Breakwater}.
 */
@NullMarked
package io.breakwater.api;

import org.jspecify.annotations.NullMarked;
