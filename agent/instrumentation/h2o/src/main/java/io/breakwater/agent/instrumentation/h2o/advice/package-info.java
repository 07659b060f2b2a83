/**
 * What runs when a call of H2O genmodel ends. These classes are loaded once for each copy of the
 * library in the process.
 */
@NullMarked
package io.breakwater.agent.instrumentation.h2o.advice;

import org.jspecify.annotations.NullMarked;
