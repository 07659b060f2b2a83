@NullMarked
package io.breakwater.engine.backend;

import org.jspecify.annotations.NullMarked;
