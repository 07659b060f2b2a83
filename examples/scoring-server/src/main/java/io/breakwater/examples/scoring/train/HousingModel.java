package io.breakwater.examples.scoring.train;

import io.breakwater.examples.scoring.HousingData.District;
import java.util.List;
import java.util.Map;
import org.tribuo.classification.sgd.fm.FMClassificationModel;
import org.tribuo.classification.sgd.fm.FMClassificationTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.math.optimisers.AdaGrad;
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
  /** Factors per column and class. */
  static final int FACTORS = 4;

  private static final double FACTOR_VARIANCE = 0.1;
  private static final double LEARNING_RATE = 0.1;

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
  private final Columns columns;

  private HousingModel(Recipe recipe, FMClassificationModel model, Columns columns) {
    this.recipe = recipe;
    this.model = model;
    this.columns = columns;
  }

  /** Trains on {@code districts}. */
  static HousingModel train(Recipe recipe, List<District> districts) {
    Columns columns = Columns.of(districts);
    return new HousingModel(
        recipe, machine(columns, districts, recipe.epochs(), recipe.trainerSeed()), columns);
  }

  /** A factorization machine for standardised columns. */
  static FMClassificationModel machine(
      Columns columns, List<District> districts, int epochs, long seed) {
    FMClassificationTrainer trainer =
        new FMClassificationTrainer(
            new LogMulticlass(),
            new AdaGrad(LEARNING_RATE),
            epochs,
            Integer.MAX_VALUE,
            seed,
            FACTORS,
            FACTOR_VARIANCE);
    return trainer.train(columns.standardised(districts));
  }

  /**
   * The model's bytes; the same recipe gives the same ones.
   *
   * @param scales for the metadata: what a server multiplies columns by
   */
  byte[] toOnnx(Map<String, Float> scales) {
    ONNXContext onnx = new ONNXContext();
    onnx.setName(TrainModels.MODEL);
    ONNXPlaceholder input = onnx.floatInput("input", columns.means().length);
    ONNXPlaceholder output = onnx.floatOutput("output", 2);
    ONNXNode standardised =
        input
            .apply(ONNXOperators.SUB, onnx.array("mean", columns.means()))
            .apply(ONNXOperators.DIV, onnx.array("deviation", columns.deviations()));
    model.writeONNXGraph(standardised).assignTo(output);
    return OnnxFile.of(onnx.buildGraph(), recipe.version(), columns.optionalMedian(), scales);
  }
}
