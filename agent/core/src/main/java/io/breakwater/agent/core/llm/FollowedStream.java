package io.breakwater.agent.core.llm;

import java.lang.ref.Reference;
import java.util.Spliterator;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A stream of an answer's pieces, seen on their way to the caller: each is read when the caller
 * takes it, none is kept. What the source throws is the call's failure, what the caller's own code
 * throws is not.
 */
final class FollowedStream<T> implements Spliterator<T> {
  private final Spliterator<T> source;
  private final LlmCall call;
  private final BiConsumer<LlmCall, T> reader;
  private final Object origin;
  private boolean atTheCaller;

  private FollowedStream(
      Spliterator<T> source, LlmCall call, BiConsumer<LlmCall, T> reader, Object origin) {
    this.source = source;
    this.call = call;
    this.reader = reader;
    this.origin = origin;
  }

  /**
   * The same stream, followed; closing it closes the source.
   *
   * @param origin kept as long as the stream: libraries close a connection when what they gave the
   *     caller for it is forgotten
   */
  static <T> Stream<T> of(
      Stream<T> source, LlmCall call, BiConsumer<LlmCall, T> reader, Object origin) {
    call.stream();
    return StreamSupport.stream(
            new FollowedStream<>(source.spliterator(), call, reader, origin), source.isParallel())
        .onClose(source::close);
  }

  @Override
  public boolean tryAdvance(Consumer<? super T> action) {
    atTheCaller = false;
    boolean more;
    try {
      more = source.tryAdvance(piece -> pass(piece, action));
    } catch (RuntimeException | Error e) {
      if (!atTheCaller) {
        call.fail(e);
      }
      throw e;
    } finally {
      Reference.reachabilityFence(origin);
    }
    if (!more) {
      call.end();
    }
    return more;
  }

  private void pass(T piece, Consumer<? super T> action) {
    call.read(piece, reader);
    atTheCaller = true;
    action.accept(piece);
    atTheCaller = false;
  }

  @Override
  public @Nullable Spliterator<T> trySplit() {
    return null; // pieces come one after the other
  }

  @Override
  public long estimateSize() {
    return source.estimateSize();
  }

  @Override
  public int characteristics() {
    return source.characteristics() & ~(SIZED | SUBSIZED | SORTED);
  }
}
