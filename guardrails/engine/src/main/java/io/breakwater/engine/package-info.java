@NullMarked
package io.breakwater.engine;

import org.jspecify.annotations.NullMarked;
