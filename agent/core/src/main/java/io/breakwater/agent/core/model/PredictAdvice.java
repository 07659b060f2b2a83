package io.breakwater.agent.core.model;

import io.breakwater.agent.core.instrument.AroundAdvice;
import io.breakwater.agent.core.instrument.Enclosing;
import io.breakwater.agent.core.record.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Records the calls of a library's method that predicts, for libraries of which the first argument
 * and the result do not tell everything, or whose calls are made of others.
 *
 * @param <M> the library's model
 * @param <I> what is read of the arguments
 * @param <O> what is read of the answer
 */
public abstract class PredictAdvice<M, I, O> implements AroundAdvice {
  private final Recorder recorder;
  private final ModelCalls<M, I, O> calls;
  private final Nesting nesting;

  /** What a call may have within it. */
  public enum Nesting {
    /** No call of a model. */
    NONE,
    /** Calls of models that know the features better. */
    FEATURES_FROM_WITHIN,
    /** Calls of models that know the features no better. */
    OWN_FEATURES
  }

  /** For subclasses. */
  protected PredictAdvice(Recorder recorder, ModelCalls<M, I, O> calls, Nesting nesting) {
    this.recorder = recorder;
    this.calls = calls;
    this.nesting = nesting;
  }

  /** The model that is called; null to see no more of the call. */
  protected abstract @Nullable M model(Object self, @Nullable Object[] arguments);

  /** What is read of the arguments; null to record no values. */
  protected abstract @Nullable I input(@Nullable Object[] arguments, @Nullable Object result);

  /** What is read of the answer; null to record no values. */
  protected abstract @Nullable O output(@Nullable Object[] arguments, @Nullable Object result);

  @Override
  public final @Nullable Object enter(Object self, @Nullable Object[] arguments) {
    long start = System.nanoTime();
    M model = model(self, arguments);
    if (model == null) {
      return null;
    }
    Enclosing enclosing =
        nesting == Nesting.NONE
            ? null
            : calls.enclose(recorder, model, nesting == Nesting.OWN_FEATURES);
    return new Call<>(model, arguments, enclosing, start);
  }

  @Override
  @SuppressWarnings("unchecked") // what enter returned
  public final @Nullable Object exit(Object entered, @Nullable Object result) {
    Call<M> call = (Call<M>) entered;
    long nanos = System.nanoTime() - call.startNanos;
    if (call.enclosing != null) {
      call.enclosing.close(); // whatever reading the call comes to
    }
    I input = input(call.arguments, result);
    O output = output(call.arguments, result);
    if (call.enclosing == null) {
      calls.succeeded(recorder, call.model, nanos, input, output);
    } else {
      calls.succeeded(recorder, call.model, nanos, call.enclosing, input, output);
    }
    return result;
  }

  @Override
  @SuppressWarnings("unchecked") // what enter returned
  public final void fail(Object entered, Throwable failure) {
    Call<M> call = (Call<M>) entered;
    long nanos = System.nanoTime() - call.startNanos;
    if (call.enclosing == null) {
      calls.failed(recorder, call.model, nanos, failure);
    } else {
      calls.failed(recorder, call.model, nanos, call.enclosing, failure);
    }
  }

  /** A call that has begun. */
  private static final class Call<M> {
    private final M model;
    private final @Nullable Object[] arguments;
    private final @Nullable Enclosing enclosing;
    private final long startNanos;

    Call(M model, @Nullable Object[] arguments, @Nullable Enclosing enclosing, long startNanos) {
      this.model = model;
      this.arguments = arguments;
      this.enclosing = enclosing;
      this.startNanos = startNanos;
    }
  }
}
