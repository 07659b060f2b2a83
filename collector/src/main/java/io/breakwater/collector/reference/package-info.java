/** References on disk, and how they are built from rows. */
@NullMarked
package io.breakwater.collector.reference;

import org.jspecify.annotations.NullMarked;
