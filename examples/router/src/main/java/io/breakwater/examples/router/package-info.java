/** A small weighted reverse proxy whose weights are set through the webhook backend's API. */
@NullMarked
package io.breakwater.examples.router;

import org.jspecify.annotations.NullMarked;
