/** The tests that every deployment backend passes. */
@NullMarked
package io.breakwater.backend.kit;

import org.jspecify.annotations.NullMarked;
