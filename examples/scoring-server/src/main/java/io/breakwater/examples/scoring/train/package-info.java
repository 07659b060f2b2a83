/** Trains the models that the scoring server carries. Not part of the server's jar. */
@NullMarked
package io.breakwater.examples.scoring.train;

import org.jspecify.annotations.NullMarked;
