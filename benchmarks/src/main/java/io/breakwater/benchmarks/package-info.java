/** JMH benchmarks. Results, with machine and JDK, are in docs/benchmarks.md. */
@NullMarked
package io.breakwater.benchmarks;

import org.jspecify.annotations.NullMarked;
