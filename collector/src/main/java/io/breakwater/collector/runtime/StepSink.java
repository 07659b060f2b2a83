package io.breakwater.collector.runtime;

import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Step;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Takes the steps of lanes that are to be written down or acted upon, in order. */
interface StepSink {
  /**
   * A step with records, actions or both. Returns at once; the stage completes when the step is
   * written down.
   *
   * @param base a state before
   * @param events all events since, the last of which led to the step
   */
  CompletionStage<?> stepped(Lane lane, ModelState base, List<Event> events, Step step);
}
