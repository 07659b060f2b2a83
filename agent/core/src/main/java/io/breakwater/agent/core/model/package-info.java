/**
 * What the advice of every library needs: to tell which model a call belongs to ({@link
 * io.breakwater.agent.core.model.ModelDescription}), to find what is known of a model object, and
 * to record its calls row by row ({@link io.breakwater.agent.core.model.ModelCalls}).
 */
@NullMarked
package io.breakwater.agent.core.model;

import org.jspecify.annotations.NullMarked;
