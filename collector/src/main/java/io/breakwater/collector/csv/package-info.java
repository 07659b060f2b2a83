/** Rows of CSV files, and which signals their columns are. */
@NullMarked
package io.breakwater.collector.csv;

import org.jspecify.annotations.NullMarked;
