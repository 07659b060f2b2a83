package io.breakwater.collector.runtime;

import io.breakwater.engine.DecisionRecord;
import io.breakwater.engine.ModelState.VersionState;
import io.breakwater.engine.Step;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Turns the step that an order led to into its answer. */
final class Orders {
  private Orders() {}

  /** Completes {@code outcome} when the step is written down. */
  static void complete(
      CompletableFuture<Models.OrderOutcome> outcome, Lane.Stepped stepped, String version) {
    Models.OrderOutcome answer = answer(stepped.step(), version);
    CompletionStage<?> unused =
        stepped
            .written()
            .whenComplete(
                (done, thrown) -> {
                  if (thrown == null) {
                    outcome.complete(answer);
                  } else {
                    outcome.completeExceptionally(thrown);
                  }
                });
  }

  private static Models.OrderOutcome answer(Step step, String version) {
    VersionState state = step.next().versions().get(version);
    String name = state == null ? "ENDED" : state.breaker().name();
    DecisionRecord record = recordOf(step.records(), version);
    String refusal = step.refusal();
    return record == null
        ? new Models.OrderOutcome(
            null, name, refusal != null ? refusal : "nothing to do: the version is " + name)
        : new Models.OrderOutcome(record.decision(), name, record.reason());
  }

  private static @Nullable DecisionRecord recordOf(List<DecisionRecord> records, String version) {
    return records.stream()
        .filter(record -> Objects.equals(record.version(), version))
        .findFirst()
        .orElse(null);
  }
}
