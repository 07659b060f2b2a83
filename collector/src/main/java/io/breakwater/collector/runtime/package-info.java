@NullMarked
package io.breakwater.collector.runtime;

import org.jspecify.annotations.NullMarked;
