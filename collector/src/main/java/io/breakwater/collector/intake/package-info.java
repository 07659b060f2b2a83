@NullMarked
package io.breakwater.collector.intake;

import org.jspecify.annotations.NullMarked;
