package io.breakwater.examples.scoring.train;

import io.breakwater.examples.scoring.HousingData;
import io.breakwater.examples.scoring.HousingData.District;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Trains the models that the scoring server carries.
 *
 * <p>Version 2 is version 1 retrained: other rows, another seed, more passes. Neither is better
 * than the other, and their scores of the same rows are distributed alike. Both exist as a single
 * machine and as an ensemble of {@value #MEMBERS}; of version 2 there are besides
 *
 * <ul>
 *   <li>larger ensembles, equally good, whose run takes about 1.3 and 3 times as long;
 *   <li>the single machine with a mistake in its metadata: incomes are to be scaled to the prices
 *       of 2010, while the training data has those of 1990.
 * </ul>
 */
public final class TrainModels {
  /** The name of the model, whatever its version. */
  static final String MODEL = "california-housing";

  /** Members of the ensembles that versions 1 and 2 start with. */
  public static final int MEMBERS = 120;

  /** Members of version 2's larger ensembles, by how much longer their run takes. */
  public static final Map<String, Integer> SLOWER_MEMBERS = Map.of("1.3", 157, "3", 364);

  private static final List<HousingModel.Recipe> MACHINES =
      List.of(
          new HousingModel.Recipe("1", 11, 10_000, 101, 20),
          new HousingModel.Recipe("2", 22, 10_000, 202, 25));
  private static final HousingEnsemble.Recipe FIRST_ENSEMBLE =
      new HousingEnsemble.Recipe("1", 11, 10_000, 5_000, 1_000_001, 20);
  private static final HousingEnsemble.Recipe SECOND_ENSEMBLE =
      new HousingEnsemble.Recipe("2", 22, 10_000, 5_000, 2_000_001, 20);

  /** Consumer prices of 2010 over those of 1990. */
  private static final Map<String, Float> WRONG_SCALES = Map.of("MedInc", 1.67f);

  private TrainModels() {}

  /**
   * Writes the model files; takes about a minute.
   *
   * @param args the folder to write to
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println("usage: TrainModels FOLDER");
      System.exit(2);
    }
    Path folder = Path.of(args[0]);
    writeMachines(folder);
    write(folder, "1-ensemble", ensemble("1", MEMBERS).toOnnx(MEMBERS));
    HousingEnsemble second = ensemble("2", Collections.max(SLOWER_MEMBERS.values()));
    write(folder, "2-ensemble", second.toOnnx(MEMBERS));
    for (Map.Entry<String, Integer> slower : SLOWER_MEMBERS.entrySet()) {
      write(folder, "2-ensemble-" + slower.getKey() + "x", second.toOnnx(slower.getValue()));
    }
  }

  /** Writes the files of the single machines. */
  public static void writeMachines(Path folder) throws IOException {
    for (HousingModel.Recipe recipe : MACHINES) {
      HousingModel model = HousingModel.train(recipe, rows(recipe.rowSeed(), recipe.rows()));
      write(folder, recipe.version(), model.toOnnx(Map.of()));
      if (recipe.version().equals("2")) {
        write(folder, "2-skewed", model.toOnnx(WRONG_SCALES));
      }
    }
  }

  /** Trains the first members of a version's ensemble. */
  static HousingEnsemble ensemble(String version, int members) throws IOException {
    HousingEnsemble.Recipe recipe = version.equals("1") ? FIRST_ENSEMBLE : SECOND_ENSEMBLE;
    return HousingEnsemble.train(recipe, members, rows(recipe.rowSeed(), recipe.rows()));
  }

  private static List<District> rows(long seed, int rows) throws IOException {
    return HousingData.shuffled(seed).subList(0, rows);
  }

  private static void write(Path folder, String name, byte[] model) throws IOException {
    Path file = folder.resolve(MODEL + "-" + name + ".onnx");
    Files.write(file, model);
    System.out.println(file + ": " + model.length + " bytes");
  }
}
