/** Moves traffic through a deployer, router or gateway that takes webhooks. */
@NullMarked
package io.breakwater.backend.webhook;

import org.jspecify.annotations.NullMarked;
