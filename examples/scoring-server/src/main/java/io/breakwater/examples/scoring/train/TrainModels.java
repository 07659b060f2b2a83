package io.breakwater.examples.scoring.train;

import io.breakwater.examples.scoring.HousingData;
import io.breakwater.examples.scoring.train.HousingModel.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Trains both versions of the model that the scoring server carries.
 *
 * <p>Version 2 is version 1 retrained: other rows, another seed, more passes. Neither is better
 * than the other, and their scores of the same rows are distributed alike.
 */
public final class TrainModels {
  /** The name of the model, whatever its version. */
  static final String MODEL = "california-housing";

  static final List<Recipe> RECIPES =
      List.of(new Recipe("1", 11, 10_000, 101, 20), new Recipe("2", 22, 10_000, 202, 25));

  private TrainModels() {}

  /**
   * Writes the model files.
   *
   * @param args the folder to write to
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println("usage: TrainModels FOLDER");
      System.exit(2);
    }
    for (Recipe recipe : RECIPES) {
      Path file = Path.of(args[0], MODEL + "-" + recipe.version() + ".onnx");
      Files.write(file, train(recipe).toOnnx());
      System.out.println(file + ": " + Files.size(file) + " bytes");
    }
  }

  static HousingModel train(Recipe recipe) throws IOException {
    return HousingModel.train(
        recipe, HousingData.shuffled(recipe.rowSeed()).subList(0, recipe.rows()));
  }
}
