package io.breakwater.agent.core.instrument;

import io.breakwater.agent.core.record.Drops;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The line that nothing an {@link AroundAdvice} throws gets across. Each failure is a call that is
 * not recorded, and counted; the first is told. Safe for use by many threads.
 */
final class AroundEdge implements Edge {
  private static final MethodHandle ENTER =
      handle("enter", Object.class, Object.class, Object[].class);
  private static final MethodHandle LEAVE =
      handle("leave", Object.class, Object.class, Object.class);
  private static final MethodHandle ABORT =
      handle("abort", void.class, Throwable.class, Object.class);

  private final AroundAdvice advice;
  private final Drops drops;
  private final BiConsumer<String, Throwable> problems;
  private volatile boolean told;

  /**
   * An edge.
   *
   * @param drops where calls are counted that fail
   * @param problems told what failed, and why
   */
  AroundEdge(AroundAdvice advice, Drops drops, BiConsumer<String, Throwable> problems) {
    this.advice = advice;
    this.drops = drops;
    this.problems = problems;
  }

  private static MethodHandle handle(String name, Class<?> result, Class<?>... parameters) {
    try {
      return MethodHandles.lookup()
          .findVirtual(AroundEdge.class, name, MethodType.methodType(result, parameters));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  @Override
  public MethodHandle target(String name) {
    switch (name) {
      case "enter":
        return ENTER.bindTo(this);
      case "leave":
        return LEAVE.bindTo(this);
      default:
        return ABORT.bindTo(this);
    }
  }

  @Nullable Object enter(Object self, @Nullable Object[] arguments) {
    try {
      return advice.enter(self, arguments);
    } catch (Throwable t) {
      failed(t);
      return null;
    }
  }

  @Nullable Object leave(@Nullable Object result, @Nullable Object call) {
    if (call == null) {
      return result;
    }
    try {
      return advice.exit(call, result);
    } catch (Throwable t) {
      failed(t);
      return result;
    }
  }

  void abort(Throwable failure, @Nullable Object call) {
    if (call == null) {
      return;
    }
    try {
      advice.fail(call, failure);
    } catch (Throwable t) {
      failed(t);
    }
  }

  private void failed(Throwable t) {
    try {
      drops.add(Drops.Reason.AGENT_ERROR);
      if (!told) {
        told = true;
        problems.accept(advice.getClass().getName() + " could not follow a call", t);
      }
    } catch (Throwable again) {
      told = true; // out of memory or stack: telling can wait, the host's call cannot
    }
  }
}
