@NullMarked
package io.breakwater.collector.alert;

import org.jspecify.annotations.NullMarked;
