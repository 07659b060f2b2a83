/**
 * What runs when a call of DJL ends. These classes are loaded once for each copy of the library in
 * the process.
 */
@NullMarked
package io.breakwater.agent.instrumentation.djl.advice;

import org.jspecify.annotations.NullMarked;
