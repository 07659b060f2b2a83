package io.breakwater.examples.scoring.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.breakwater.examples.scoring.HousingData;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HousingEnsembleTest {
  private static final int AGAIN = 2;

  @ParameterizedTest
  @CsvSource({
    "1, 1-ensemble, 120",
    "2, 2-ensemble, 120",
    "2, 2-ensemble-1.3x, 157",
    "2, 2-ensemble-3x, 364",
  })
  void trainingAgain_givesTheFirstMembersOfTheBundledFile(
      String version, String bundled, int members) throws Exception {
    ModelProto again = ModelProto.parseFrom(TrainModels.ensemble(version, AGAIN).toOnnx(AGAIN));
    ModelProto file = bundled(bundled);

    assertThat(file.getMetadataPropsList()).isEqualTo(again.getMetadataPropsList());
    for (String weights : List.of("bias", "linear", "factors")) {
      TensorProto trained = tensor(again, weights);
      TensorProto kept = tensor(file, weights);
      assertThat(kept.getDims(0)).isEqualTo(members);
      for (int i = 0; i < trained.getFloatDataCount(); i++) {
        assertThat(kept.getFloatData(i))
            .as("%s[%d]", weights, i)
            .isCloseTo(trained.getFloatData(i), within(1e-3f));
      }
    }
  }

  private static ModelProto bundled(String which) throws Exception {
    try (InputStream file =
        HousingData.class.getResourceAsStream("california-housing-" + which + ".onnx")) {
      return ModelProto.parseFrom(file);
    }
  }

  private static TensorProto tensor(ModelProto model, String name) {
    return model.getGraph().getInitializerList().stream()
        .filter(tensor -> tensor.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
