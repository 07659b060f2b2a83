@NullMarked
package io.breakwater.collector.config;

import org.jspecify.annotations.NullMarked;
