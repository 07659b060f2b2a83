package io.breakwater.agent.instrumentation.onnxruntime.advice;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.breakwater.agent.core.model.ModelDescription;
import io.breakwater.agent.core.model.ModelSource;
import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.Limits;
import io.breakwater.agent.core.record.ModelNames;
import io.breakwater.agent.instrumentation.kit.OnnxModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelsTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  @TempDir private Path folder;

  private static CaptureRules rules(String name, String version, String... features) {
    return CaptureRules.of(true, Limits.of(64, 50), "service", name, version, List.of(features));
  }

  private static OnnxModel model(String graph) {
    return OnnxModel.named(graph)
        .input("input", OnnxModel.FLOAT, OnnxModel.OPEN, 1)
        .node("Identity", "output", "input")
        .output("output", OnnxModel.FLOAT, OnnxModel.OPEN, 1);
  }

  private static ModelDescription read(byte[] model, Object source, CaptureRules rules)
      throws OrtException {
    try (OrtSession session = ENVIRONMENT.createSession(model)) {
      return OnnxModels.describe(session, source == null ? null : ModelSource.of(source), rules);
    }
  }

  private static String digest(byte[] model) throws Exception {
    byte[] sha = MessageDigest.getInstance("SHA-256").digest(model);
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      hex.append(String.format("%02x", sha[i]));
    }
    return hex.toString();
  }

  private String file(String name, byte[] model) throws IOException {
    return Files.write(folder.resolve(name), model).toString();
  }

  @Test
  void configuration_winsOverTheModel() throws OrtException {
    byte[] model =
        model("graph")
            .version(3)
            .metadata("breakwater.model", "credit")
            .metadata("breakwater.version", "7")
            .metadata("breakwater.features", "a")
            .bytes();
    ModelDescription own = read(model, null, rules(null, null));
    assertThat(own.name()).isEqualTo("credit");
    assertThat(own.version()).isCompletedWithValue("7");
    assertThat(own.feature(0)).isEqualTo("a");
    assertThat(own.feature(1)).isNull();

    ModelDescription configured = read(model, null, rules("name", "1.2", "x"));
    assertThat(configured.name()).isEqualTo("name");
    assertThat(configured.version()).isCompletedWithValue("1.2");
    assertThat(configured.feature(0)).isEqualTo("x");
  }

  @Test
  void ruleForOneModel_winsOverThatForAll() throws OrtException {
    byte[] model = model("graph").metadata("breakwater.model", "credit").bytes();
    CaptureRules all = rules(null, "1.2", "x");

    ModelDescription ruled =
        read(
            model,
            null,
            all.withNames(Map.of("credit", ModelNames.of("loans", null, List.of("a")))));
    assertThat(ruled.name()).isEqualTo("loans");
    assertThat(ruled.version()).isCompletedWithValue("1.2");
    assertThat(ruled.feature(0)).isEqualTo("a");

    ModelDescription other =
        read(model, null, all.withNames(Map.of("fraud", ModelNames.of("loans", null, List.of()))));
    assertThat(other.name()).isEqualTo("credit");
    assertThat(other.feature(0)).isEqualTo("x");
  }

  @Test
  void modelsOwnVersionAndGraphName_areNext() throws OrtException {
    ModelDescription found = read(model("graph").version(3).bytes(), null, rules(null, null));
    // "graph" is what some exporters call every graph
    assertThat(found.name()).isEqualTo("service");
    assertThat(found.version()).isCompletedWithValue("3");
    assertThat(read(model("fraud").bytes(), null, rules(null, null)).name()).isEqualTo("fraud");
  }

  @Test
  void modelWithoutVersion_goesByTheDigestOfWhatItWasMadeFrom() throws Exception {
    byte[] model = model("main_graph").bytes();
    String expected = digest(model);
    ModelDescription fromFile = read(model, file("fraud.onnx", model), rules(null, null));
    assertThat(fromFile.name()).isEqualTo("fraud");
    assertThat(fromFile.version().get()).isEqualTo(expected);
    assertThat(read(model, model, rules(null, null)).version().get()).isEqualTo(expected);
    ByteBuffer direct = ByteBuffer.allocateDirect(model.length + 1).position(1);
    direct.put(model).position(1);
    assertThat(read(model, direct, rules(null, null)).version().get()).isEqualTo(expected);
  }

  @Test
  void modelOfUnknownOrigin_isUnknown() throws OrtException {
    ModelDescription found = read(model("main_graph").bytes(), null, rules(null, null));
    assertThat(found.name()).isEqualTo("service");
    assertThat(found.version()).isCompletedWithValue("unknown");
  }

  @Test
  void fileThatIsGone_hasNoDigest() throws Exception {
    ModelDescription found =
        read(model("m").bytes(), folder.resolve("gone.onnx").toString(), rules(null, null));
    assertThat(found.version().exceptionally(failure -> "failed").get()).isEqualTo("failed");
  }
}
