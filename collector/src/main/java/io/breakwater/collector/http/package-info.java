@NullMarked
package io.breakwater.collector.http;

import org.jspecify.annotations.NullMarked;
