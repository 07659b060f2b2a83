@NullMarked
package io.breakwater.collector.action;

import org.jspecify.annotations.NullMarked;
