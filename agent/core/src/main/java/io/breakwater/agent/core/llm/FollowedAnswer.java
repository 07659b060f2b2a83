package io.breakwater.agent.core.llm;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Iterator;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer as clients made by one generator give it, blocking ({@code stream()}, {@code
 * close()}) or not ({@code subscribe(handler)}, {@code onCompleteFuture()}, {@code close()}): its
 * pieces are seen on their way to the caller.
 *
 * <p>A proxy, so that what a later version of the library adds to its interfaces goes to the
 * library and not to a class of ours that does not have it.
 */
final class FollowedAnswer<P> implements InvocationHandler {
  private final Object answer;
  private final LlmCall call;
  private final BiConsumer<LlmCall, P> reader;

  private FollowedAnswer(Object answer, LlmCall call, BiConsumer<LlmCall, P> reader) {
    this.answer = answer;
    this.call = call;
    this.reader = reader;
  }

  /** Stands for an answer of that type. */
  static <P> Object of(Class<?> type, Object answer, LlmCall call, BiConsumer<LlmCall, P> reader) {
    call.stream();
    return proxy(type, new FollowedAnswer<>(answer, call, reader));
  }

  private static Object proxy(Class<?> type, InvocationHandler handler) {
    return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
  }

  @Override
  public @Nullable Object invoke(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    switch (method.getName()) {
      case "stream":
        return follow(this.<Stream<P>>made(method, arguments));
      case "iterator":
        Spliterator<P> all =
            Spliterators.spliteratorUnknownSize(
                this.<Iterator<P>>made(method, arguments), Spliterator.ORDERED);
        return follow(StreamSupport.stream(all, false)).iterator();
      case "subscribe":
        if (arguments != null && arguments[0] != null) {
          Class<?> type = method.getParameterTypes()[0];
          arguments[0] = proxy(type, new FollowedHandler<>(arguments[0], call, reader));
        }
        return asked(proxy, method, arguments);
      case "close":
        call.cancel();
        return asked(proxy, method, arguments);
      default:
        return asked(proxy, method, arguments);
    }
  }

  private Stream<P> follow(Stream<P> pieces) {
    return FollowedStream.of(pieces, call, reader, this);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as the method's name says
  private <T> T made(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    try {
      return (T) requireNonNull(passOn(answer, method, arguments), "pieces");
    } catch (Throwable t) {
      call.fail(t);
      throw t;
    }
  }

  private @Nullable Object asked(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    Object result = passOn(answer, method, arguments);
    return result == answer ? proxy : result;
  }

  private static @Nullable Object passOn(
      Object to, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(to, arguments);
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause();
      throw thrown == null ? e : thrown;
    }
  }

  /** The caller's handler, told what it would be told. Holds nothing of the answer. */
  private static final class FollowedHandler<P> implements InvocationHandler {
    private final Object handler;
    private final LlmCall call;
    private final BiConsumer<LlmCall, P> reader;

    FollowedHandler(Object handler, LlmCall call, BiConsumer<LlmCall, P> reader) {
      this.handler = handler;
      this.call = call;
      this.reader = reader;
    }

    @Override
    @SuppressWarnings("unchecked") // as the methods' names say
    public @Nullable Object invoke(
        Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
      boolean next = method.getName().equals("onNext");
      if (next && arguments != null) {
        call.read((P) arguments[0], reader);
      } else if (method.getName().equals("onComplete") && arguments != null) {
        Optional<Throwable> failure = (Optional<Throwable>) arguments[0];
        if (failure != null && failure.isPresent()) {
          call.fail(failure.get());
        } else {
          call.end();
        }
      }
      try {
        return passOn(handler, method, arguments);
      } catch (Throwable t) {
        if (next) {
          call.cancel(); // what ends the stream is not the model's fault
        }
        throw t;
      }
    }
  }
}
