@NullMarked
package io.breakwater.collector.store;

import org.jspecify.annotations.NullMarked;
