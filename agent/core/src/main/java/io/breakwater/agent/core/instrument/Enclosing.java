package io.breakwater.agent.core.instrument;

import static java.util.Objects.requireNonNull;

import io.breakwater.agent.core.model.ModelDescription;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * An inference that has begun and not ended, on the thread that began it: one that own code has
 * declared, or a call of a library that makes calls of others.
 *
 * <p>The outermost call owns model and duration, the innermost tensor call supplies features. So an
 * advice that finds a {@link #current()} one records the features it reads under that model and
 * version, if it {@linkplain #takesFeatures() takes them}, and neither a call nor an error, score
 * or class of its own.
 *
 * <p>One that is forgotten without being closed ends when it is collected.
 *
 * <p>Costs one volatile read while no code of the process begins any. Those that do pay for a
 * thread-local.
 */
public final class Enclosing {
  private static final ThreadLocal<WeakReference<Enclosing>> CURRENT = new ThreadLocal<>();
  private static volatile boolean used;

  private final ModelDescription model;
  private final boolean readsFeatures;
  private final @Nullable Enclosing outer;
  private volatile boolean open = true;
  private volatile boolean supplied;

  private Enclosing(ModelDescription model, boolean readsFeatures, @Nullable Enclosing outer) {
    this.model = requireNonNull(model, "model");
    this.readsFeatures = readsFeatures;
    this.outer = outer;
  }

  /**
   * Begins one on the current thread; it stays the current one until it is closed.
   *
   * @param readsFeatures whether it reads the features itself, by better names, say; then those of
   *     calls within are not recorded
   */
  public static Enclosing open(ModelDescription model, boolean readsFeatures) {
    used = true;
    Enclosing opened = new Enclosing(model, readsFeatures, current());
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

  /** Its model. */
  public ModelDescription model() {
    return model;
  }

  /** Whether calls within supply the features. */
  public boolean takesFeatures() {
    return !readsFeatures;
  }

  /** A call within has supplied features. */
  public void supplied() {
    for (Enclosing each = this; each != null; each = each.outer) {
      each.supplied = true;
    }
  }

  /** Whether it was not begun within another. */
  public boolean isOutermost() {
    return outer == null;
  }

  /** Whether a call within has supplied features. */
  public boolean isSupplied() {
    return supplied;
  }
}
