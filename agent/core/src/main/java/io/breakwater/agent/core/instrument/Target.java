package io.breakwater.agent.core.instrument;

import static java.util.Objects.requireNonNull;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The methods of one class that one advice sees.
 *
 * <p>Several methods of a class may match; each is patched for itself, so an instrumentation names
 * only the widest overload where the others call it. A constructor is named {@code <init>} and has
 * no {@link Advice#fail}: what it throws before its object exists cannot be seen.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class Target {
  private final String className;
  private final String methodName;
  private final Predicate<String> descriptor;
  private final String adviceClass;
  private final boolean around;
  private final @Nullable String home;

  private Target(
      String className,
      String methodName,
      Predicate<String> descriptor,
      String adviceClass,
      boolean around,
      @Nullable String home) {
    this.className = requireNonNull(className, "className");
    this.methodName = requireNonNull(methodName, "methodName");
    this.descriptor = requireNonNull(descriptor, "descriptor");
    this.adviceClass = requireNonNull(adviceClass, "adviceClass");
    this.around = around;
    this.home = home;
  }

  /**
   * The methods called {@code methodName} whose descriptor the predicate accepts.
   *
   * @param className the class that declares them, with dots
   * @param descriptor accepts a method descriptor such as {@code (Ljava/util/Map;)V}
   * @param adviceClass the {@link Advice}, with dots; see there for how it is loaded
   */
  public static Target of(
      String className, String methodName, Predicate<String> descriptor, String adviceClass) {
    return new Target(className, methodName, descriptor, adviceClass, false, null);
  }

  /**
   * The same for an advice that goes around its calls; constructors excluded.
   *
   * @param adviceClass the {@link AroundAdvice}, with dots
   */
  public static Target around(
      String className, String methodName, Predicate<String> descriptor, String adviceClass) {
    if (methodName.equals("<init>")) {
      throw new IllegalArgumentException("methodName: <init> (expected: a method)");
    }
    return new Target(className, methodName, descriptor, adviceClass, true, null);
  }

  /**
   * This target, with the same methods of classes that extend or implement {@link #className()}.
   *
   * <p>Whether a class does is read from class files, without loading any. Classes of the library
   * are looked at from the beginning, all others once the super type itself has been loaded.
   *
   * @param libraryHome what the names of the library's classes begin with, with dots, for example
   *     {@code org.tribuo.}
   */
  public Target withSubtypes(String libraryHome) {
    return new Target(
        className,
        methodName,
        descriptor,
        adviceClass,
        around,
        requireNonNull(libraryHome, "libraryHome"));
  }

  /** The class that declares the methods, with dots. */
  public String className() {
    return className;
  }

  /** The name of the {@link Advice}, with dots. */
  public String adviceClass() {
    return adviceClass;
  }

  /** Whether the advice is an {@link AroundAdvice}. */
  boolean isAround() {
    return around;
  }

  /** What the names of classes begin with that may be subtypes from the beginning; null: none. */
  public @Nullable String home() {
    return home;
  }

  /** Whether a method of {@link #className()} is one of them. */
  public boolean matches(String name, String methodDescriptor) {
    return methodName.equals(name) && descriptor.test(methodDescriptor);
  }

  @Override
  public String toString() {
    return className + "." + methodName;
  }
}
