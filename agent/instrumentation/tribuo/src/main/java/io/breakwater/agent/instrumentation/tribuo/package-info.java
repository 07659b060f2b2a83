/** Sees the calls of Tribuo. */
@NullMarked
package io.breakwater.agent.instrumentation.tribuo;

import org.jspecify.annotations.NullMarked;
