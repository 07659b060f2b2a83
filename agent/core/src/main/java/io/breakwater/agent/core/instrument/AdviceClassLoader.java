package io.breakwater.agent.core.instrument;

import io.breakwater.agent.bootstrap.AgentClassLoader;
import org.jspecify.annotations.Nullable;

/**
 * Loads one instrumentation's advice for one copy of its library.
 *
 * <p>Classes of the advice's package are defined here, so each copy of the library has its own
 * advice with its own constants. All others come from the agent, and what the agent does not have
 * from the library's loader.
 */
final class AdviceClassLoader extends ClassLoader {
  static {
    registerAsParallelCapable();
  }

  private final AgentClassLoader agent;
  private final ClassLoader library;
  private final String advicePackage;

  /**
   * A loader of advice.
   *
   * @param advicePackage the advice's package, with a dot at the end
   */
  AdviceClassLoader(AgentClassLoader agent, ClassLoader library, String advicePackage) {
    super("breakwater-advice", agent);
    this.agent = agent;
    this.library = library;
    this.advicePackage = advicePackage;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!isAdvice(name)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private boolean isAdvice(String name) {
    return name.startsWith(advicePackage) && name.indexOf('.', advicePackage.length()) < 0;
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte @Nullable [] bytes = agent.classBytes(name);
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    return library.loadClass(name);
  }
}
