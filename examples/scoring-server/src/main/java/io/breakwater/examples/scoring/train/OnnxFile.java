package io.breakwater.examples.scoring.train;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.breakwater.examples.scoring.HousingData;
import java.util.Map;
import java.util.TreeMap;
import org.tribuo.util.onnx.ONNXOperators;

/** Model files: a graph, and in the metadata what a server has to know besides. */
final class OnnxFile {
  private static final long IR_VERSION = 6;

  private OnnxFile() {}

  /**
   * The bytes of a model file; equal arguments give equal ones.
   *
   * @param scales what a server multiplies columns by before the model gets them
   */
  static byte[] of(
      GraphProto graph, String version, float optionalMedian, Map<String, Float> scales) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("tribuo")
            .setDomain("io.breakwater.examples")
            .setGraph(graph)
            .addOpsetImport(ONNXOperators.getOpsetProto())
            .addMetadataProps(entry("breakwater.model", TrainModels.MODEL))
            .addMetadataProps(entry("breakwater.version", version))
            .addMetadataProps(entry("breakwater.features", String.join(",", HousingData.FEATURES)))
            .addMetadataProps(entry("breakwater.classes", "0,1"))
            .addMetadataProps(
                entry("median." + HousingData.OPTIONAL_FEATURE, Float.toString(optionalMedian)));
    new TreeMap<>(scales)
        .forEach(
            (column, scale) ->
                model.addMetadataProps(entry("scale." + column, Float.toString(scale))));
    return model.build().toByteArray();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
