package io.breakwater.agent.core.instrument;

import static java.util.Objects.requireNonNull;

import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * An inference that own code has declared and not ended, on the thread that began it.
 *
 * <p>The outermost call owns model and duration, the innermost tensor call supplies features. So an
 * advice that finds a {@link #current()} one records the features it reads under that model and
 * version, and neither a call nor an error, score or class of its own.
 *
 * <p>One that is forgotten without being closed ends when it is collected.
 *
 * <p>Costs one volatile read while no code of the process declares inferences. Those that do pay
 * for a thread-local.
 */
public final class Enclosing {
  private static final ThreadLocal<WeakReference<Enclosing>> CURRENT = new ThreadLocal<>();
  private static volatile boolean used;

  private final String model;
  private final String version;
  private final @Nullable Enclosing outer;
  private volatile boolean open = true;

  private Enclosing(String model, String version, @Nullable Enclosing outer) {
    this.model = requireNonNull(model, "model");
    this.version = requireNonNull(version, "version");
    this.outer = outer;
  }

  /** Begins one on the current thread; it stays the current one until it is closed. */
  public static Enclosing open(String model, String version) {
    used = true;
    Enclosing opened = new Enclosing(model, version, current());
    CURRENT.set(new WeakReference<>(opened));
    return opened;
  }

  /** The innermost one still open on the current thread, or null. */
  public static @Nullable Enclosing current() {
    return used ? innermostOpen() : null;
  }

  private static @Nullable Enclosing innermostOpen() {
    WeakReference<Enclosing> reference = CURRENT.get();
    if (reference == null) {
      return null;
    }
    Enclosing newest = reference.get();
    Enclosing found = newest;
    while (found != null && !found.open) { // ended on another thread, or out of order
      found = found.outer;
    }
    if (found == null) {
      CURRENT.remove();
    } else if (found != newest) {
      CURRENT.set(new WeakReference<>(found));
    }
    return found;
  }

  /** Ends it, on any thread; again has no effect. */
  public void close() {
    open = false;
    innermostOpen();
  }

  /** The name of its model. */
  public String model() {
    return model;
  }

  /** The version of its model. */
  public String version() {
    return version;
  }
}
