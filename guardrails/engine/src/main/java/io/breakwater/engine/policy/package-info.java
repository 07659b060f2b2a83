@NullMarked
package io.breakwater.engine.policy;

import org.jspecify.annotations.NullMarked;
