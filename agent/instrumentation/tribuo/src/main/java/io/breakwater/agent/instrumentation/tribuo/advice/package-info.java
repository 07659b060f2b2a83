/**
 * What runs when a call of Tribuo ends. These classes are loaded once for each copy of the library
 * in the process.
 */
@NullMarked
package io.breakwater.agent.instrumentation.tribuo.advice;

import org.jspecify.annotations.NullMarked;
