/** Moves traffic between servers of an HAProxy backend through its runtime API. */
@NullMarked
package io.breakwater.backend.haproxy;

import org.jspecify.annotations.NullMarked;
