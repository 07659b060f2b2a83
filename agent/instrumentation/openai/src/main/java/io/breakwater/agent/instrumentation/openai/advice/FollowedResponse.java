package io.breakwater.agent.instrumentation.openai.advice;

import com.openai.core.http.StreamResponse;
import io.breakwater.agent.core.llm.FollowedStream;
import io.breakwater.agent.core.llm.LlmCall;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** A streamed answer, its pieces seen on their way to the caller. */
final class FollowedResponse<P> implements StreamResponse<P> {
  private final StreamResponse<P> response;
  private final LlmCall call;
  private final BiConsumer<LlmCall, P> reader;

  FollowedResponse(StreamResponse<P> response, LlmCall call, BiConsumer<LlmCall, P> reader) {
    this.response = response;
    this.call = call;
    this.reader = reader;
  }

  /** Closing the stream does not close this, but keeps it, and so the connection, until then. */
  @Override
  public Stream<P> stream() {
    return FollowedStream.of(response.stream(), call, reader, this);
  }

  @Override
  public void close() {
    call.cancel();
    response.close();
  }
}
