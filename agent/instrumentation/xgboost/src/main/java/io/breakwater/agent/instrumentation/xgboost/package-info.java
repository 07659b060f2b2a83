/** Sees the calls of XGBoost4J. */
@NullMarked
package io.breakwater.agent.instrumentation.xgboost;

import org.jspecify.annotations.NullMarked;
