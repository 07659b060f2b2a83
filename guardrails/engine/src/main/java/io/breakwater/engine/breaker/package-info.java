@NullMarked
package io.breakwater.engine.breaker;

import org.jspecify.annotations.NullMarked;
