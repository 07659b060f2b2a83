package io.breakwater.agent.instrumentation.onnxruntime.advice;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.EpochClock;
import io.breakwater.agent.core.record.Limits;
import io.breakwater.agent.core.record.Recording;
import io.breakwater.agent.instrumentation.onnxruntime.OnnxModel;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunAdviceTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private final Drops drops = new Drops();
  private final EpochClock clock = () -> 1_000_000_000L;
  private Recording recording = recording(rules(true, 64));

  private static CaptureRules rules(boolean features, int maxFeatures) {
    return CaptureRules.of(features, Limits.of(maxFeatures, 50), "service", null, null, List.of());
  }

  private Recording recording(CaptureRules rules) {
    return Recording.create(rules, 2, clock, drops, () -> {});
  }

  /** Runs as the patched method would. */
  private void run(OrtSession session, Map<String, OnnxTensor> inputs) throws OrtException {
    RunAdvice advice = new RunAdvice(recording.recorder());
    long start = System.nanoTime();
    OrtSession.Result result;
    try {
      result = session.run(inputs);
    } catch (OrtException e) {
      advice.fail(start, session, inputs, e);
      throw e;
    }
    try (OrtSession.Result open = result) {
      advice.exit(start, session, inputs, open);
    }
  }

  private static OnnxTensor floats(float[] values, long... shape) throws OrtException {
    return OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(values), shape);
  }

  private static OrtSession session(OnnxModel model) throws OrtException {
    return ENVIRONMENT.createSession(model.bytes());
  }

  @Test
  void oneRow_isACallWithFeaturesScoreAndClass() throws OrtException {
    OnnxModel model =
        OnnxModel.binary(3)
            .metadata("breakwater.model", "credit")
            .metadata("breakwater.version", "7")
            .metadata("breakwater.features", "age,income,debt")
            .metadata("breakwater.classes", "deny,approve");
    try (OrtSession session = session(model)) {
      for (int i = 0; i < 100; i++) {
        try (OnnxTensor row = floats(new float[] {1, 2, -1}, 1, 3)) {
          run(session, Map.of("input", row));
        }
      }
    }
    Points points = Points.of(recording);
    assertThat(points.model()).isEqualTo("credit 7");
    assertThat(points.histogram("ml.inference.duration").count()).isEqualTo(100);
    assertThat(points.histogram("ml.inference.rows").sum()).isEqualTo(100);
    assertThat(points.histogram("ml.inference.feature{ml.feature.name=income}").sum())
        .isEqualTo(200);
    double score = points.histogram("ml.inference.score{ml.output.name=output}").sum() / 100;
    assertThat(score).isCloseTo(1 / (1 + Math.exp(-2)), org.assertj.core.data.Offset.offset(1e-6));
    assertThat(points.sum("ml.inference.predictions{ml.output.class=approve}")).isEqualTo(100);
  }
}
