/**
 * What runs when a call of LightGBM4J ends. These classes are loaded once for each copy of the
 * library in the process.
 */
@NullMarked
package io.breakwater.agent.instrumentation.lightgbm.advice;

import org.jspecify.annotations.NullMarked;
