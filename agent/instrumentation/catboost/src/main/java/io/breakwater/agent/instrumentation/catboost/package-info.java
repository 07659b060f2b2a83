/** Sees the calls of CatBoost. */
@NullMarked
package io.breakwater.agent.instrumentation.catboost;

import org.jspecify.annotations.NullMarked;
