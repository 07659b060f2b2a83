/** The running agent: recording, draining, flushing, delivering. */
@NullMarked
package io.breakwater.agent.core.runtime;

import org.jspecify.annotations.NullMarked;
