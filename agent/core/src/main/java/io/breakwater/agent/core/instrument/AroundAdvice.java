package io.breakwater.agent.core.instrument;

import org.jspecify.annotations.Nullable;

/**
 * What runs on the caller's thread around a patched method: before it, where it may put other
 * objects in the place of arguments, and after it, where it may put another in the place of the
 * result. For calls that go on after their method has returned: streams, futures, callbacks.
 *
 * <p>Made and loaded as an {@link Advice} is; whatever it throws is caught, counted and told once,
 * and the call goes on as it was. It allocates an array at every call, so it is meant for calls
 * that take far longer. It must never block.
 */
public interface AroundAdvice {

  /**
   * The method has been entered.
   *
   * @param self the receiver, or the class if the method is static
   * @param arguments what was passed, primitives boxed; an object that is put in here is what the
   *     method gets, if the parameter is no primitive and it is of its type
   * @return what the call's {@code exit} or {@code fail} is given; null to see no more of the call
   */
  @Nullable Object enter(Object self, @Nullable Object[] arguments);

  /**
   * The method is about to return.
   *
   * @param call what {@link #enter} returned
   * @param result what it returns, a primitive boxed; null also for {@code void}
   * @return what the caller gets in its place, if it is of the method's type and that no primitive;
   *     {@code result} itself to change nothing
   */
  @Nullable Object exit(Object call, @Nullable Object result);

  /**
   * The method is about to throw.
   *
   * @param call what {@link #enter} returned
   */
  void fail(Object call, Throwable failure);
}
