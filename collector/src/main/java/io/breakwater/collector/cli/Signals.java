package io.breakwater.collector.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Operating-system signals. The JDK has no supported API for them; {@code sun.misc.Signal} of
 * module {@code jdk.unsupported} is used by reflection, because merely naming it is a warning.
 */
final class Signals {
  private Signals() {}

  /**
   * Runs {@code action}, on a thread of its own, at every signal of that name, for example {@code
   * HUP}.
   *
   * @return whether this platform and JDK know it
   */
  static boolean on(String name, Runnable action) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Object handler =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handlerType},
              (proxy, method, arguments) -> invoked(proxy, method, arguments, action));
      type.getMethod("handle", type, handlerType)
          .invoke(null, type.getConstructor(String.class).newInstance(name), handler);
      return true;
    } catch (ReflectiveOperationException e) {
      boolean known = !(e instanceof InvocationTargetException);
      if (known) {
        throw new IllegalStateException("sun.misc.Signal is not what it was", e);
      }
      return false; // not a signal here, or one the JVM keeps for itself
    }
  }

  private static Object invoked(Object proxy, Method method, Object[] arguments, Runnable action) {
    return switch (method.getName()) {
      case "handle" -> {
        action.run();
        yield proxy;
      }
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "signal handler";
    };
  }
}
