package io.breakwater.collector.action;

import io.breakwater.engine.Event;
import java.time.Instant;
import java.util.function.Function;

/** Takes what became of actions back to the model's lane, which gives it its time. */
public interface Reports {
  /** Something happened to {@code model}. */
  void report(String model, Function<Instant, Event> event);
}
