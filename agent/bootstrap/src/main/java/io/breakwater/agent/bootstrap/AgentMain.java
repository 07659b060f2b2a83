package io.breakwater.agent.bootstrap;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the JVM starts before the host's {@code main}.
 *
 * <p>Hands over to {@code AgentStart} in the agent's own class loader. Whatever goes wrong costs
 * one line on stderr, never the host.
 */
public final class AgentMain {
  private static final String START = "io.breakwater.agent.core.start.AgentStart";
  private static final AtomicBoolean STARTED = new AtomicBoolean();

  private AgentMain() {}

  /**
   * Starts the agent.
   *
   * @param arguments what follows {@code breakwater-agent.jar=} on the command line
   */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    try {
      start(arguments == null ? "" : arguments, instrumentation);
    } catch (Throwable t) { // the host has to run, with or without its agent
      tell("off, because it could not start: " + t);
      if (isDebugged()) {
        t.printStackTrace();
      }
    }
  }

  private static boolean isDebugged() {
    try {
      return Boolean.getBoolean("breakwater.debug");
    } catch (SecurityException e) { // what escapes from premain keeps the JVM from starting
      return false;
    }
  }

  private static void start(String arguments, Instrumentation instrumentation) throws Exception {
    if (!STARTED.compareAndSet(false, true)) {
      tell("already running in this JVM: the second -javaagent is ignored");
      return;
    }
    File jar =
        new File(AgentMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Class<?> start = new AgentClassLoader(jar).loadClass(START);
    @SuppressWarnings("unchecked") // the one contract with the class that is named here
    BiConsumer<String, Instrumentation> agent =
        (BiConsumer<String, Instrumentation>) start.getConstructor().newInstance();
    agent.accept(arguments, instrumentation);
  }

  private static void tell(String problem) {
    System.err.println("breakwater: ".concat(problem));
  }
}
