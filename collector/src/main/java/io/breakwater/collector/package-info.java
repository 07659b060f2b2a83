/** The collector: everything with I/O, started and stopped as one. */
@NullMarked
package io.breakwater.collector;

import org.jspecify.annotations.NullMarked;
