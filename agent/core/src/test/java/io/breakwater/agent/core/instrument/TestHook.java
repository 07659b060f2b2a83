package io.breakwater.agent.core.instrument;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;

/** Stands in for the hook: notes what patched methods say. */
public final class TestHook {
  static final String NAME = "io/breakwater/agent/core/instrument/TestHook";
  static final List<Event> EVENTS = new ArrayList<>();

  /** Thrown by the hook itself from now on; null for none. */
  static RuntimeException failure;

  private TestHook() {}

  /** One call of the hook. */
  static final class Event {
    final String name;
    final Object outcome;
    final long startNanos;
    final Object self;
    final Object arg0;

    Event(String name, Object outcome, long startNanos, Object self, Object arg0) {
      this.name = name;
      this.outcome = outcome;
      this.startNanos = startNanos;
      this.self = self;
      this.arg0 = arg0;
    }
  }

  public static CallSite link(
      MethodHandles.Lookup caller, String name, MethodType type, String advice)
      throws ReflectiveOperationException {
    return new ConstantCallSite(
        MethodHandles.insertArguments(
                MethodHandles.lookup()
                    .findStatic(
                        TestHook.class,
                        "note",
                        MethodType.methodType(
                            void.class,
                            String.class,
                            Object.class,
                            long.class,
                            Object.class,
                            Object.class)),
                0,
                name)
            .asType(type));
  }

  static void note(String name, Object outcome, long startNanos, Object self, Object arg0) {
    EVENTS.add(new Event(name, outcome, startNanos, self, arg0));
    if (failure != null) {
      throw failure;
    }
  }
}
