package io.breakwater.agent.core.instrument;

import java.lang.invoke.MethodHandle;

/** One advice, guarded, as the call sites in patched methods call it. */
interface Edge {
  /** What a call site of that name calls. */
  MethodHandle target(String name);
}
