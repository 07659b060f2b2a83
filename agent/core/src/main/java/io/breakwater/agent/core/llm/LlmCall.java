package io.breakwater.agent.core.llm;

import io.breakwater.agent.core.instrument.Enclosing;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.Recorder;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of a language model, from its beginning until its answer is complete, on whatever
 * threads that is. What is said about it is recorded when it ends, once; what is said later goes
 * nowhere.
 *
 * <p>While the method that makes the call runs, the call is that thread's: an instrumented client
 * below it does not count the same call again.
 *
 * <p>Safe for use by many threads; its lock is held for a few instructions and nothing in them
 * waits. A few hundred bytes a call.
 */
public final class LlmCall {
  /** Tokens that nobody counted. */
  static final long UNKNOWN = -1;

  private static final ThreadLocal<LlmCall> CURRENT = new ThreadLocal<>();

  private final Recorder recorder;
  private final String framework;
  private final LlmRequest request;
  private final @Nullable Enclosing enclosing;
  private final long startNanos;
  private @Nullable String responseModel;
  private @Nullable Ending ending;
  private long inputTokens = UNKNOWN;
  private long outputTokens = UNKNOWN;
  private long length;
  private boolean answered;
  private boolean refused;
  private boolean tools;
  private boolean streamed;
  private boolean begun;
  private long firstContentNanos;
  private boolean unreadable;
  private boolean ended;

  private LlmCall(Recorder recorder, String framework, LlmRequest request, long startNanos) {
    this.recorder = recorder;
    this.framework = framework;
    this.request = request;
    this.enclosing = Enclosing.current();
    this.startNanos = startNanos;
  }

  /** Begins one on the current thread; {@link #enter} makes it that thread's. */
  static LlmCall begin(Recorder recorder, String framework, LlmRequest request, long startNanos) {
    return new LlmCall(recorder, framework, request, startNanos);
  }

  /**
   * Begins one whose answer comes piece by piece, on the current thread.
   *
   * @return null within another call, and where there is no memory for it
   */
  public static @Nullable LlmCall beginStream(
      Recorder recorder, String framework, LlmRequest request) {
    try {
      if (isInside()) {
        return null;
      }
      LlmCall call = begin(recorder, framework, request, System.nanoTime());
      call.stream();
      return call;
    } catch (RuntimeException | Error e) {
      recorder.drops().add(Drops.Reason.AGENT_ERROR);
      return null;
    }
  }

  /** Whether the current thread is making a call already. */
  static boolean isInside() {
    LlmCall current = CURRENT.get();
    return current != null && !current.isEnded();
  }

  /** Makes this the current thread's call; to be undone by {@link #leave} on the same thread. */
  public @Nullable LlmCall enter() {
    LlmCall outer = CURRENT.get();
    CURRENT.set(this);
    return outer;
  }

  /**
   * Undoes {@link #enter}.
   *
   * @param outer what it returned
   */
  public static void leave(@Nullable LlmCall outer) {
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
    }
  }

  /**
   * Makes the current thread one without a call, as while code of the application runs in a
   * callback; to be undone by {@link #leave}.
   *
   * @return the call it had
   */
  public static @Nullable LlmCall outside() {
    LlmCall current = CURRENT.get();
    CURRENT.remove();
    return current;
  }

  private synchronized boolean isEnded() {
    return ended;
  }

  /**
   * Reads something the library handed over. Whatever the reader throws stays here and is counted
   * once a call: a field may be absent where a server does not keep to its protocol.
   */
  public <T> void read(T part, BiConsumer<LlmCall, T> reader) {
    try {
      reader.accept(this, part);
    } catch (RuntimeException | Error e) {
      noteUnreadable();
    }
  }

  private synchronized void noteUnreadable() {
    if (!unreadable) {
      unreadable = true;
      recorder.drops().add(Drops.Reason.UNREADABLE);
    }
  }

  /** The answer comes piece by piece. */
  public synchronized void stream() {
    streamed = true;
  }

  /** Which model answers. */
  public synchronized void answeredBy(String model) {
    responseModel = model;
  }

  /** Tokens of the request as the server counted them; the last word counts. */
  public synchronized void inputTokens(long tokens) {
    inputTokens = tokens;
  }

  /** Tokens of the answer as the server counted them; the last word counts. */
  public synchronized void outputTokens(long tokens) {
    outputTokens = tokens;
  }

  /** Text of the answer, or a further piece of it; only its length is kept. */
  public synchronized void text(CharSequence piece) {
    if (piece.length() > 0) {
      length += piece.length();
      otherContent();
    }
  }

  /** The answer has something that is not text: audio, an image. */
  public synchronized void otherContent() {
    answered = true;
    content();
  }

  /** The model wants a tool to be called. */
  public synchronized void toolCall() {
    tools = true;
    content();
  }

  /** The model refused. */
  public synchronized void refused() {
    refused = true;
    content();
  }

  /** Something the model made has arrived, if only what it thinks. */
  public synchronized void content() {
    if (streamed && !begun) {
      begun = true;
      firstContentNanos = System.nanoTime();
    }
  }

  /** Why the answer ended. */
  public synchronized void endedBy(Ending reason) {
    ending = reason;
  }

  /**
   * Ends when the future does; the future stays as it is. Holds nothing but this call until then.
   *
   * @param reader reads the answer, which may be null
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the caller has the future itself
  public <T> void follow(CompletableFuture<T> answer, BiConsumer<LlmCall, T> reader) {
    answer.whenComplete(
        (whole, failure) -> {
          if (failure == null) {
            read(whole, reader);
            end();
          } else {
            fail(failure);
          }
        });
  }

  /** The answer is complete. */
  public void end() {
    finish(null);
  }

  /** The caller does not want the rest of the answer. */
  public void cancel() {
    synchronized (this) {
      ending = ending == null ? Ending.CANCELLED : ending; // the last word was there already
    }
    finish(null);
  }

  /** The call failed; a cancellation by the caller is no failure. */
  public void fail(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof CancellationException) {
      cancel();
    } else {
      fail(cause.getClass().getName());
    }
  }

  /** The call failed, by the kind of failure. */
  public void fail(String errorType) {
    finish(errorType);
  }

  /** The call cannot be followed to its end; it is counted as dropped. */
  public void giveUp() {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
    }
    recorder.drops().add(Drops.Reason.AGENT_ERROR);
  }

  private void finish(@Nullable String errorType) {
    long endNanos = System.nanoTime();
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
    }
    try { // nothing changes any more
      LlmSeries.of(recorder).record(this, errorType, endNanos);
    } catch (RuntimeException | Error e) { // out of memory, say
      recorder.drops().add(Drops.Reason.AGENT_ERROR);
    }
  }

  String framework() {
    return framework;
  }

  LlmRequest request() {
    return request;
  }

  @Nullable Enclosing enclosing() {
    return enclosing;
  }

  long startNanos() {
    return startNanos;
  }

  synchronized @Nullable String responseModel() {
    return responseModel;
  }

  synchronized long inputTokens() {
    return inputTokens;
  }

  synchronized long outputTokens() {
    return outputTokens;
  }

  synchronized long length() {
    return length;
  }

  /** Whether a streamed answer has begun. */
  synchronized boolean hasBegun() {
    return begun;
  }

  synchronized long firstContentNanos() {
    return firstContentNanos;
  }

  synchronized boolean isStreamed() {
    return streamed;
  }

  /** How the answer ended, from all that is known about it. */
  synchronized Ending ending() {
    if (ending == Ending.CANCELLED) {
      return ending;
    }
    if (refused) {
      return Ending.REFUSAL;
    }
    if (ending == null) {
      return tools ? Ending.TOOL_CALLS : Ending.UNFINISHED;
    }
    if (ending == Ending.STOP && tools) {
      return Ending.TOOL_CALLS;
    }
    return ending == Ending.STOP && !answered ? Ending.EMPTY : ending;
  }
}
