package io.breakwater.agent.instrumentation.springai.advice;

import io.breakwater.agent.core.llm.LlmCall;
import io.breakwater.agent.core.llm.LlmRequest;
import io.breakwater.agent.core.record.Recorder;
import org.reactivestreams.Subscription;
import org.springframework.ai.chat.model.ChatResponse;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

/** A streamed answer; asked for by each who subscribes, and seen on its way to each. */
final class FollowedFlux extends Flux<ChatResponse> {
  private final Flux<ChatResponse> source;
  private final Recorder recorder;
  private final LlmRequest request;

  FollowedFlux(Flux<ChatResponse> source, Recorder recorder, LlmRequest request) {
    this.source = source;
    this.recorder = recorder;
    this.request = request;
  }

  @Override
  public void subscribe(CoreSubscriber<? super ChatResponse> subscriber) {
    LlmCall call = LlmCall.beginStream(recorder, Chats.FRAMEWORK, request);
    if (call == null) { // within another call, or there is no memory for it
      source.subscribe(subscriber);
      return;
    }
    LlmCall outer = call.enter();
    try {
      source.subscribe(new Following(subscriber, call));
    } finally {
      LlmCall.leave(outer);
    }
  }

  /** Passes on every signal as it comes. */
  private static final class Following implements CoreSubscriber<ChatResponse>, Subscription {
    private final CoreSubscriber<? super ChatResponse> subscriber;
    private final LlmCall call;
    private volatile Subscription subscription = NONE;

    Following(CoreSubscriber<? super ChatResponse> subscriber, LlmCall call) {
      this.subscriber = subscriber;
      this.call = call;
    }

    @Override
    public Context currentContext() {
      return subscriber.currentContext();
    }

    @Override
    public void onSubscribe(Subscription given) {
      subscription = given;
      subscriber.onSubscribe(this);
    }

    @Override
    public void onNext(ChatResponse piece) {
      call.read(piece, Chats::read);
      LlmCall making = LlmCall.outside(); // the caller's code may call a model of its own
      try {
        subscriber.onNext(piece);
      } finally {
        LlmCall.leave(making);
      }
    }

    @Override
    public void onError(Throwable failure) {
      call.fail(failure);
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      call.end();
      subscriber.onComplete();
    }

    @Override
    public void request(long pieces) {
      subscription.request(pieces);
    }

    @Override
    public void cancel() {
      call.cancel();
      subscription.cancel();
    }
  }

  private static final Subscription NONE =
      new Subscription() {
        @Override
        public void request(long pieces) {}

        @Override
        public void cancel() {}
      };
}
