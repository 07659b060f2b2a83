package io.breakwater.agent.bootstrap;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the calls that the agent writes into other people's classes arrive to be linked.
 *
 * <p>It has to be visible to every class loader and every module, so the agent does not use it from
 * here: it defines a copy under another name into a package of {@code java.base}. Hence it is one
 * class, with types of {@code java.base} only.
 *
 * <p>Each call site asks once and keeps the answer as a constant, which the compiler inlines and
 * which lives as long as the instrumented class and no longer.
 */
public final class Hook {
  /**
   * Answers with the {@link MethodHandle} for a call site, from its lookup, name, type and the name
   * of its advice; null for none. Set once, before the first class is instrumented.
   */
  public static volatile @Nullable Function<Object[], @Nullable Object> linker;

  private Hook() {}

  /**
   * Links one call site. What cannot be linked does nothing when it is called.
   *
   * @param caller the instrumented class
   * @param name {@code enter}, {@code exit}, {@code fail}, {@code leave} or {@code abort}
   * @param type the call's type
   * @param advice name of the advice class
   * @throws VirtualMachineError where memory or stack is used up just now: the JVM does not
   *     remember it and asks again at the next call; the instrumented method catches it
   */
  public static CallSite link(
      MethodHandles.Lookup caller, String name, MethodType type, String advice) {
    MethodHandle target = null;
    try {
      Function<Object[], @Nullable Object> current = linker;
      if (current != null) {
        target = (MethodHandle) current.apply(new Object[] {caller, name, type, advice});
      }
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable t) {
      target = null; // the linker has told it; the host's call goes on
    }
    if (target == null && name.equals("leave")) { // which says what is returned
      target = MethodHandles.dropArguments(MethodHandles.identity(Object.class), 1, Object.class);
    }
    return new ConstantCallSite(target != null ? target : MethodHandles.empty(type));
  }
}
