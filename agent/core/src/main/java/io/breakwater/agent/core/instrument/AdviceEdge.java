package io.breakwater.agent.core.instrument;

import io.breakwater.agent.core.record.Drops;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The line that nothing an advice throws gets across.
 *
 * <p>The first failure is told; an advice that fails {@value #MOST_FAILURES} times in a row is not
 * called again, unless it was for want of memory or stack. Safe for use by many threads.
 */
final class AdviceEdge implements Edge {
  static final int MOST_FAILURES = 100;

  private static final MethodHandle EXIT =
      handle("exit", Object.class, long.class, Object.class, Object.class);
  private static final MethodHandle FAIL =
      handle("fail", Throwable.class, long.class, Object.class, Object.class);

  private final Advice advice;
  private final Drops drops;
  private final BiConsumer<String, Throwable> problems;
  private final AtomicInteger failuresInARow = new AtomicInteger();
  private volatile boolean told;

  /**
   * An edge.
   *
   * @param drops where calls are counted that fail or are not looked at any more
   * @param problems told what failed, and why
   */
  AdviceEdge(Advice advice, Drops drops, BiConsumer<String, Throwable> problems) {
    this.advice = advice;
    this.drops = drops;
    this.problems = problems;
  }

  private static MethodHandle handle(String name, Class<?>... parameters) {
    try {
      return MethodHandles.lookup()
          .findVirtual(AdviceEdge.class, name, MethodType.methodType(void.class, parameters));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  @Override
  public MethodHandle target(String name) {
    return (name.equals("exit") ? EXIT : FAIL).bindTo(this);
  }

  void exit(@Nullable Object result, long startNanos, Object self, @Nullable Object arg0) {
    if (failuresInARow.getPlain() >= MOST_FAILURES) {
      drops.add(Drops.Reason.AGENT_ERROR);
      return;
    }
    try {
      advice.exit(startNanos, self, arg0, result);
      succeeded();
    } catch (Throwable t) {
      failed(t);
    }
  }

  void fail(Throwable failure, long startNanos, Object self, @Nullable Object arg0) {
    if (failuresInARow.getPlain() >= MOST_FAILURES) {
      drops.add(Drops.Reason.AGENT_ERROR);
      return;
    }
    try {
      advice.fail(startNanos, self, arg0, failure);
      succeeded();
    } catch (Throwable t) {
      failed(t);
    }
  }

  private void succeeded() {
    if (failuresInARow.getPlain() != 0) {
      failuresInARow.set(0);
    }
  }

  private void failed(Throwable t) {
    try {
      drops.add(Drops.Reason.AGENT_ERROR);
      int failures = t instanceof VirtualMachineError ? 0 : failuresInARow.incrementAndGet();
      if (!told) {
        told = true;
        problems.accept(advice.getClass().getName() + " could not read a call", t);
      }
      if (failures == MOST_FAILURES) {
        problems.accept(
            advice.getClass().getName() + " is off after " + failures + " failures in a row", t);
      }
    } catch (Throwable again) {
      told = true; // out of memory or stack: telling can wait, the host's call cannot
    }
  }
}
