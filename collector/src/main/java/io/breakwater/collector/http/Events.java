package io.breakwater.collector.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.breakwater.collector.runtime.Models;
import io.breakwater.engine.ModelState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * {@code GET /api/v1/events}: server-sent events {@code model} (a model as in {@code GET
 * /api/v1/models}) and {@code decision} (an audit record). A new listener first hears of every
 * model. One that does not read is let go and may come back.
 */
final class Events implements Models.Listener {
  private static final int MAX_LISTENERS = 64;
  private static final int MAX_WAITING = 256;
  private static final int PING_SECONDS = 15;

  private final Models models;
  private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();

  Events(Models models) {
    this.models = models;
  }

  HttpResponse open(Call call) throws ApiException {
    if (subscribers.size() >= MAX_LISTENERS) {
      throw new ApiException(
          HttpStatus.SERVICE_UNAVAILABLE,
          "too many listen already",
          "at most " + MAX_LISTENERS + " at a time");
    }
    ServiceRequestContext context = call.context();
    context.clearRequestTimeout();
    HttpResponseWriter writer = HttpResponse.streaming();
    writer.write(
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(MediaType.EVENT_STREAM)
            .set("cache-control", "no-store")
            .build());
    Subscriber subscriber = new Subscriber(writer);
    subscribers.add(subscriber);
    var pings =
        context
            .eventLoop()
            .scheduleAtFixedRate(
                () -> subscriber.offer(": still there\n\n"),
                PING_SECONDS,
                PING_SECONDS,
                TimeUnit.SECONDS);
    var unused =
        writer
            .whenComplete()
            .handle(
                (done, failure) -> {
                  pings.cancel(false);
                  return subscribers.remove(subscriber);
                });
    models.states().forEach(state -> subscriber.offer(event(state)));
    return writer;
  }

  @Override
  public void changed(ModelState state) {
    if (!subscribers.isEmpty()) {
      String event = event(state);
      subscribers.forEach(subscriber -> subscriber.offer(event));
    }
  }

  @Override
  public void recorded(JsonNode entry) {
    String event = event("decision", entry);
    subscribers.forEach(subscriber -> subscriber.offer(event));
  }

  private static String event(ModelState state) {
    return event("model", StateJson.model(state));
  }

  private static String event(String name, JsonNode data) {
    return "event: " + name + "\ndata: " + Answers.text(data) + "\n\n";
  }

  void close() {
    subscribers.forEach(Subscriber::close);
  }

  /** Hands events to one connection as fast as it takes them. */
  private static final class Subscriber {
    private final HttpResponseWriter writer;
    private final Deque<String> waiting = new ArrayDeque<>();
    private boolean writing;

    Subscriber(HttpResponseWriter writer) {
      this.writer = writer;
    }

    synchronized void offer(String event) {
      if (waiting.size() >= MAX_WAITING) {
        waiting.clear();
        writer.close();
        return;
      }
      waiting.add(event);
      if (!writing) {
        next();
      }
    }

    private synchronized void next() {
      String event = waiting.poll();
      writing = event != null && writer.tryWrite(HttpData.ofUtf8(event));
      if (writing) {
        var unused = writer.whenConsumed().thenRun(this::next);
      }
    }

    void close() {
      writer.close();
    }
  }
}
