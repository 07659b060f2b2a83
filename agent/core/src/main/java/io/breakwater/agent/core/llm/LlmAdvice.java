package io.breakwater.agent.core.llm;

import io.breakwater.agent.core.instrument.AroundAdvice;
import io.breakwater.agent.core.record.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Follows the calls of one method of an LLM client. A call within another one on the same thread is
 * that one's.
 */
public abstract class LlmAdvice implements AroundAdvice {
  private final Recorder recorder;
  private final String framework;

  /**
   * An advice.
   *
   * @param framework the library, value of {@code ml.framework}
   */
  protected LlmAdvice(Recorder recorder, String framework) {
    this.recorder = recorder;
    this.framework = framework;
  }

  /** What is asked for; null if it is nothing to be recorded. */
  protected abstract @Nullable LlmRequest request(Object self, @Nullable Object[] arguments);

  /** Puts something of ours in the place of arguments that hear of the answer. */
  protected void follow(LlmCall call, @Nullable Object[] arguments) {}

  /**
   * Reads the answer, or follows what will give it.
   *
   * @return what the caller gets in place of the result
   */
  protected abstract @Nullable Object answer(LlmCall call, @Nullable Object result);

  @Override
  public final @Nullable Object enter(Object self, @Nullable Object[] arguments) {
    if (LlmCall.isInside()) {
      return null;
    }
    long startNanos = System.nanoTime();
    LlmRequest request = request(self, arguments);
    if (request == null) {
      return null;
    }
    LlmCall call = LlmCall.begin(recorder, framework, request, startNanos);
    follow(call, arguments);
    call.enter();
    return call;
  }

  @Override
  public final @Nullable Object exit(Object entered, @Nullable Object result) {
    LlmCall call = (LlmCall) entered;
    LlmCall.leave(null);
    try {
      return answer(call, result);
    } catch (RuntimeException | Error e) {
      call.giveUp();
      return result;
    }
  }

  @Override
  public final void fail(Object entered, Throwable failure) {
    LlmCall call = (LlmCall) entered;
    LlmCall.leave(null);
    call.fail(failure);
  }
}
