package io.breakwater.agent.core.instrument;

import org.jspecify.annotations.Nullable;

/**
 * What runs on the caller's thread when a patched method ends.
 *
 * <p>An advice is a public class with a public constructor that takes the {@code Recorder}. It is
 * loaded once for each class loader that holds a copy of the library, together with every class of
 * its package, by a loader that sees the agent first and the library's own loader second. So it may
 * use the library's types directly and keep handles to its private members in {@code static final}
 * fields: each copy of the library has its own.
 *
 * <p>It is created at the first call that ends, one per patched method, and called by many threads.
 * Whatever it throws is caught, counted and told once; it never reaches the caller. It must neither
 * block nor, on the usual path, allocate.
 */
public interface Advice {

  /**
   * The method is about to return.
   *
   * @param startNanos {@link System#nanoTime()} from when it was entered
   * @param self the receiver, or the class if the method is static
   * @param arg0 the first argument as it was passed; null also if there is none or it is primitive
   * @param result what it returns; null also for {@code void}, a constructor or a primitive
   */
  void exit(long startNanos, Object self, @Nullable Object arg0, @Nullable Object result);

  /**
   * The method is about to throw.
   *
   * @param failure what the caller will get
   */
  void fail(long startNanos, Object self, @Nullable Object arg0, Throwable failure);
}
