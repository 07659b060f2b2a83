/**
 * How calls into model libraries are seen: which methods are patched ({@link
 * io.breakwater.agent.core.instrument.Target}), what runs when they end ({@link
 * io.breakwater.agent.core.instrument.Advice}), and the patching itself.
 */
@NullMarked
package io.breakwater.agent.core.instrument;

import org.jspecify.annotations.NullMarked;
