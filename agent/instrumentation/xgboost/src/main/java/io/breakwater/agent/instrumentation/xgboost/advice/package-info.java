/**
 * What runs when a call of XGBoost4J ends. These classes are loaded once for each copy of the
 * library in the process.
 */
@NullMarked
package io.breakwater.agent.instrumentation.xgboost.advice;

import org.jspecify.annotations.NullMarked;
