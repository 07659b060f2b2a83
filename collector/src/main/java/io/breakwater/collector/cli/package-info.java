@NullMarked
package io.breakwater.collector.cli;

import org.jspecify.annotations.NullMarked;
