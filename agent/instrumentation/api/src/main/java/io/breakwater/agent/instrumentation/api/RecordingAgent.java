package io.breakwater.agent.instrumentation.api;

import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.ModelIdentity;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.api.Agent;
import io.breakwater.api.Breaker;
import io.breakwater.api.Inference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Hands out inferences that are recorded. Safe for use by many threads.
 *
 * <p>Keeps one model for each name and version it is asked for, up to {@value #MOST_MODELS};
 * inferences of further ones are not recorded.
 */
final class RecordingAgent implements Agent {
  static final int MOST_MODELS = 256;

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
    return new RecordedInference(recorder, model(model, version), predictions, System.nanoTime());
  }

  private OwnModel model(String name, String version) {
    ConcurrentMap<String, OwnModel> versions = models.get(name);
    OwnModel known = versions == null ? null : versions.get(version);
    return known != null ? known : addModel(name, version);
  }

  private OwnModel addModel(String name, String version) {
    return models
        .computeIfAbsent(name, key -> new ConcurrentHashMap<>())
        .computeIfAbsent(
            version, key -> new OwnModel(recorder, ModelIdentity.of(name, version, "")));
  }

  @Override
  public void feedback(String predictionId, String label) {
    Predictions.Prediction prediction = predictions.take(predictionId);
    if (prediction == null) {
      recorder.drops().add(Drops.Reason.UNKNOWN_PREDICTION);
    } else {
      recorder.outcome(prediction.model().identity(), label, prediction.label());
    }
  }

  /** Local enforcement is not part of this agent: every breaker is closed. */
  @Override
  public Breaker breaker(String model, String version) {
    return CLOSED;
  }
}
