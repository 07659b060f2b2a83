package io.breakwater.agent.core.start;

import io.breakwater.agent.core.instrument.Instrumenter;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the name of every class that is loaded, and nothing more, until one is a known
 * library's: then the rest of the agent is loaded, and the class is patched on the spot.
 *
 * <p>The one lock covers the loading of the agent's own classes, which asks no loader of the host;
 * none is held while a class is patched. Hence it cannot close a circle with the locks of the
 * host's class loaders, whatever they are.
 */
final class LibraryWatch implements ClassFileTransformer {
  /** Internal names of all classes that instrumentations name. */
  static final String[] CLASSES = {
    "ai/onnxruntime/OrtEnvironment", "ai/onnxruntime/OrtSession", "io/breakwater/api/Breakwater",
  };

  private final Callable<Instrumenter> start;
  private final BiConsumer<String, Throwable> problems;
  private volatile @Nullable Instrumenter instrumenter;
  private boolean started;

  /**
   * A watch.
   *
   * @param start starts the rest of the agent; called once at most
   * @param problems told what could not be done, and why
   */
  LibraryWatch(Callable<Instrumenter> start, BiConsumer<String, Throwable> problems) {
    this.start = start;
    this.problems = problems;
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String className,
      @Nullable Class<?> classBeingRedefined,
      @Nullable ProtectionDomain protectionDomain,
      byte[] classFile) {
    return className != null && loader != null && isKnown(className)
        ? patch(className, classFile)
        : null;
  }

  private static boolean isKnown(String className) {
    for (String known : CLASSES) {
      if (known.equals(className)) {
        return true;
      }
    }
    return false;
  }

  private byte @Nullable [] patch(String className, byte[] classFile) {
    try {
      Instrumenter patching = instrumenter();
      if (patching == null) {
        return null;
      }
      byte[] patched = patching.patch(className, classFile);
      if (patched == null) {
        problems.accept(
            className.replace('/', '.') + " is not seen: none of its methods is known", null);
      }
      return patched;
    } catch (Throwable t) { // the class has to load, seen or not
      problems.accept(className.replace('/', '.') + " is not seen", t);
      return null;
    }
  }

  private @Nullable Instrumenter instrumenter() throws Exception {
    Instrumenter running = instrumenter;
    return running != null ? running : startOnce();
  }

  private synchronized @Nullable Instrumenter startOnce() throws Exception {
    if (!started) {
      started = true; // what failed once is not tried at every class
      instrumenter = start.call();
    }
    return instrumenter;
  }
}
