/** What the tests of instrumentations need: patched calls and a look at what was recorded. */
@NullMarked
package io.breakwater.agent.instrumentation.kit;

import org.jspecify.annotations.NullMarked;
