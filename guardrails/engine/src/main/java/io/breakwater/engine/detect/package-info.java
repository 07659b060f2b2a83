@NullMarked
package io.breakwater.engine.detect;

import org.jspecify.annotations.NullMarked;
