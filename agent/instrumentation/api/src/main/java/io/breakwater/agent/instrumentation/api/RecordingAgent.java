package io.breakwater.agent.instrumentation.api;

import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.Limits;
import io.breakwater.agent.core.record.ModelIdentity;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.api.Agent;
import io.breakwater.api.Breaker;
import io.breakwater.api.Inference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Hands out inferences that are recorded. Safe for use by many threads; throws nothing.
 *
 * <p>Keeps one model for each name and version it is asked for, as long as there is room for its
 * series; inferences of further ones are counted as dropped.
 */
final class RecordingAgent implements Agent {
  private static final Breaker CLOSED = () -> true;

  private final Recorder recorder;
  private final Predictions predictions = new Predictions();
  private final ConcurrentMap<String, ConcurrentMap<String, OwnModel>> models =
      new ConcurrentHashMap<>();

  RecordingAgent(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public Inference inference(String model, String version) {
    try {
      return new RecordedInference(
          recorder,
          model(Limits.shortened(model), Limits.shortened(version)),
          predictions,
          System.nanoTime());
    } catch (RuntimeException | Error e) { // out of memory, say
      return Unrecorded.INSTANCE;
    }
  }

  private OwnModel model(String name, String version) {
    ConcurrentMap<String, OwnModel> versions = models.get(name);
    OwnModel known = versions == null ? null : versions.get(version);
    return known != null ? known : addModel(name, version);
  }

  private OwnModel addModel(String name, String version) {
    OwnModel added = new OwnModel(recorder, ModelIdentity.of(name, version, ""));
    if (!added.isRecorded()) {
      return added; // one too many; not kept, lest ever new names fill the memory
    }
    OwnModel earlier =
        models.computeIfAbsent(name, key -> new ConcurrentHashMap<>()).putIfAbsent(version, added);
    return earlier != null ? earlier : added;
  }

  @Override
  public void feedback(String predictionId, String label) {
    try {
      Predictions.Prediction prediction = predictions.take(predictionId);
      if (prediction == null) {
        recorder.drops().add(Drops.Reason.UNKNOWN_PREDICTION);
      } else {
        recorder.outcome(prediction.model().identity(), label, prediction.label());
      }
    } catch (RuntimeException | Error e) { // out of memory, say
      return;
    }
  }

  /** Local enforcement is not part of this agent: every breaker is closed. */
  @Override
  public Breaker breaker(String model, String version) {
    return CLOSED;
  }
}
