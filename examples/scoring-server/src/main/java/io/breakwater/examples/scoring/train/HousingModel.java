package io.breakwater.examples.scoring.train;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.breakwater.examples.scoring.HousingData;
import io.breakwater.examples.scoring.HousingData.District;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tribuo.Feature;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.fm.FMClassificationModel;
import org.tribuo.classification.sgd.fm.FMClassificationTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.util.onnx.ONNXContext;
import org.tribuo.util.onnx.ONNXNode;
import org.tribuo.util.onnx.ONNXOperators;
import org.tribuo.util.onnx.ONNXPlaceholder;

/**
 * A factorization machine over standardised columns, and its ONNX form.
 *
 * <p>The ONNX graph takes the raw columns: {@code input} (float, [rows, 8]) is standardised by the
 * graph's first two nodes, so a server needs no preprocessing. {@code output} (float, [rows, 2])
 * are the probabilities of the two classes. What a server has to know besides is in the metadata:
 * the names of columns and classes, and the median that stands in for the optional column.
 *
 * <p>Trained by one thread from seeded shuffles, so the same recipe gives the same model again.
 */
final class HousingModel {
  private static final int FACTORS = 4;
  private static final double FACTOR_VARIANCE = 0.1;
  private static final double LEARNING_RATE = 0.1;
  private static final long IR_VERSION = 6;

  /**
   * How one version is trained.
   *
   * @param version goes into the model's metadata
   * @param rowSeed chooses the training rows
   * @param rows number of training rows
   * @param trainerSeed seed of initial weights and of the order in an epoch
   */
  record Recipe(String version, long rowSeed, int rows, long trainerSeed, int epochs) {}

  private final Recipe recipe;
  private final FMClassificationModel model;
  private final float[] means;
  private final float[] deviations;
  private final float optionalMedian;

  private HousingModel(
      Recipe recipe,
      FMClassificationModel model,
      float[] means,
      float[] deviations,
      float optionalMedian) {
    this.recipe = recipe;
    this.model = model;
    this.means = means;
    this.deviations = deviations;
    this.optionalMedian = optionalMedian;
  }

  /** Trains on {@code districts}. */
  static HousingModel train(Recipe recipe, List<District> districts) {
    float[] means = new float[HousingData.FEATURES.size()];
    float[] deviations = new float[means.length];
    for (int column = 0; column < means.length; column++) {
      double[] values = column(districts, column);
      double mean = Arrays.stream(values).average().orElseThrow();
      double variance =
          Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      means[column] = (float) mean;
      deviations[column] = (float) Math.sqrt(variance);
    }
    FMClassificationTrainer trainer =
        new FMClassificationTrainer(
            new LogMulticlass(),
            new AdaGrad(LEARNING_RATE),
            recipe.epochs(),
            Integer.MAX_VALUE,
            recipe.trainerSeed(),
            FACTORS,
            FACTOR_VARIANCE);
    return new HousingModel(
        recipe,
        trainer.train(dataset(districts, means, deviations)),
        means,
        deviations,
        median(column(districts, HousingData.FEATURES.indexOf(HousingData.OPTIONAL_FEATURE))));
  }

  /** The model's bytes; the same recipe gives the same ones. */
  byte[] toOnnx() {
    ONNXContext onnx = new ONNXContext();
    onnx.setName(TrainModels.MODEL);
    ONNXPlaceholder input = onnx.floatInput("input", means.length);
    ONNXPlaceholder output = onnx.floatOutput("output", 2);
    ONNXNode standardised =
        input
            .apply(ONNXOperators.SUB, onnx.array("mean", means))
            .apply(ONNXOperators.DIV, onnx.array("deviation", deviations));
    model.writeONNXGraph(standardised).assignTo(output);
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName("tribuo")
        .setDomain("io.breakwater.examples")
        .setGraph(onnx.buildGraph())
        .addOpsetImport(ONNXOperators.getOpsetProto())
        .addMetadataProps(entry("breakwater.model", TrainModels.MODEL))
        .addMetadataProps(entry("breakwater.version", recipe.version()))
        .addMetadataProps(entry("breakwater.features", String.join(",", HousingData.FEATURES)))
        .addMetadataProps(entry("breakwater.classes", "0,1"))
        .addMetadataProps(
            entry("median." + HousingData.OPTIONAL_FEATURE, Float.toString(optionalMedian)))
        .build()
        .toByteArray();
  }

  private static MutableDataset<Label> dataset(
      List<District> districts, float[] means, float[] deviations) {
    LabelFactory labels = new LabelFactory();
    MutableDataset<Label> dataset =
        new MutableDataset<>(new SimpleDataSourceProvenance("California housing", labels), labels);
    for (District district : districts) {
      List<Feature> features = new ArrayList<>();
      for (int column = 0; column < means.length; column++) {
        // The library orders columns by name; a digit keeps ours.
        features.add(
            new Feature(
                Integer.toString(column),
                (district.value(column) - means[column]) / deviations[column]));
      }
      dataset.add(new ArrayExample<>(new Label(Integer.toString(district.label())), features));
    }
    return dataset;
  }

  private static double[] column(List<District> districts, int column) {
    return districts.stream().mapToDouble(district -> district.value(column)).toArray();
  }

  private static float median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (float) sorted[sorted.length / 2];
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
