/** How far two distributions are apart, for people to look at. */
@NullMarked
package io.breakwater.engine.distance;

import org.jspecify.annotations.NullMarked;
