package io.breakwater.agent.core.instrument;

import static java.util.Objects.requireNonNull;

import io.breakwater.agent.bootstrap.AgentClassLoader;
import io.breakwater.agent.core.record.Recorder;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers the hook: creates the advice a patched call belongs to and hands out the handle that
 * calls it.
 *
 * <p>Advice is kept with the patched class and nowhere else, so that a library, its advice and its
 * class loader can be collected together. Safe for use by many threads.
 */
final class CallSiteLinker implements Function<Object[], @Nullable Object> {
  /** Times that memory or stack may be used up before a call is given up. */
  static final int MOST_RETRIES = 100;

  private final AtomicInteger retries = new AtomicInteger();
  private final Recorder recorder;
  private final Consumer<Access> access;
  private final BiConsumer<String, Throwable> problems;
  private final ClassValue<Map<String, Edge>> edges = new EdgesOfClass();
  private final Map<ClassLoader, Map<String, WeakReference<AdviceClassLoader>>> loaders =
      new WeakHashMap<>();

  /**
   * A linker.
   *
   * @param access opens a library's package, if it is in a named module, to the advice
   * @param problems told what cannot be linked, and why
   */
  CallSiteLinker(
      Recorder recorder, Consumer<Access> access, BiConsumer<String, Throwable> problems) {
    this.recorder = requireNonNull(recorder, "recorder");
    this.access = requireNonNull(access, "access");
    this.problems = requireNonNull(problems, "problems");
  }

  @Override
  public @Nullable Object apply(Object[] site) {
    Class<?> library = ((MethodHandles.Lookup) site[0]).lookupClass();
    String name = (String) site[1];
    String adviceClass = (String) site[3];
    try {
      return link(library, name, adviceClass);
    } catch (VirtualMachineError e) {
      forget(library.getClassLoader(), packageOf(adviceClass));
      if (retries.incrementAndGet() < MOST_RETRIES) {
        throw e; // the JVM asks again at the next call
      }
      problems.accept(library.getName() + " is not seen: " + adviceClass + " does not load", e);
      return null;
    } catch (Throwable t) {
      problems.accept(library.getName() + " is not seen: " + adviceClass + " does not load", t);
      return null;
    }
  }

  private MethodHandle link(Class<?> library, String name, String adviceClass) {
    Map<String, Edge> known = edges.get(library);
    Edge edge = known.get(adviceClass);
    if (edge == null) {
      Edge created = edge(create(library, adviceClass));
      Edge earlier = known.putIfAbsent(adviceClass, created); // no lock while loading
      edge = earlier != null ? earlier : created;
    }
    return edge.target(name);
  }

  private Edge edge(Object advice) {
    return advice instanceof AroundAdvice
        ? new AroundEdge((AroundAdvice) advice, recorder.drops(), problems)
        : new AdviceEdge((Advice) advice, recorder.drops(), problems);
  }

  private Object create(Class<?> library, String adviceClass) {
    AdviceClassLoader loader = loader(library.getClassLoader(), packageOf(adviceClass));
    access.accept(new Access(library, loader));
    try {
      return loader.loadClass(adviceClass).getConstructor(Recorder.class).newInstance(recorder);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private AdviceClassLoader loader(ClassLoader library, String advicePackage) {
    synchronized (loaders) {
      Map<String, WeakReference<AdviceClassLoader>> ofLibrary =
          loaders.computeIfAbsent(library, key -> new HashMap<>());
      WeakReference<AdviceClassLoader> reference = ofLibrary.get(advicePackage);
      AdviceClassLoader known = reference == null ? null : reference.get();
      if (known != null) {
        return known;
      }
      AdviceClassLoader created =
          new AdviceClassLoader(
              (AgentClassLoader) CallSiteLinker.class.getClassLoader(), library, advicePackage);
      ofLibrary.put(advicePackage, new WeakReference<>(created));
      return created;
    }
  }

  /** A class whose initialisation failed stays broken, so the next attempt needs new ones. */
  private void forget(ClassLoader library, String advicePackage) {
    synchronized (loaders) {
      Map<String, WeakReference<AdviceClassLoader>> ofLibrary = loaders.get(library);
      if (ofLibrary != null) {
        ofLibrary.remove(advicePackage);
      }
    }
  }

  private static String packageOf(String className) {
    return className.substring(0, className.lastIndexOf('.') + 1);
  }

  /** A library's class and the loader of advice that has to read it. */
  static final class Access {
    final Class<?> library;
    final ClassLoader advice;

    private Access(Class<?> library, ClassLoader advice) {
      this.library = library;
      this.advice = advice;
    }
  }

  private static final class EdgesOfClass extends ClassValue<Map<String, Edge>> {
    @Override
    protected Map<String, Edge> computeValue(Class<?> library) {
      return new ConcurrentHashMap<>();
    }
  }
}
