package io.breakwater.agent.dist.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import hex.genmodel.MojoModel;
import hex.genmodel.easy.EasyPredictModelWrapper;
import hex.genmodel.easy.RowData;
import hex.genmodel.easy.exception.PredictException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Loads a model written by hand and predicts 40 times; two more calls fail. */
public final class H2oHost {
  private static final String MODEL =
      String.join(
          "\n",
          "[info]",
          "h2o_version = 3.46.0.12",
          "mojo_version = 1.00",
          "algo = glm",
          "algorithm = Generalized Linear Modeling",
          "endianness = LITTLE_ENDIAN",
          "category = Binomial",
          "uuid = 5527",
          "supervised = true",
          "n_features = 2",
          "n_classes = 2",
          "n_columns = 3",
          "n_domains = 1",
          "balance_classes = false",
          "default_threshold = 0.5",
          "prior_class_distrib = null",
          "model_class_distrib = null",
          "timestamp = 2026-01-01 00:00:00",
          "use_all_factor_levels = true",
          "cats = 0",
          "cat_modes = []",
          "cat_offsets = [0]",
          "nums = 2",
          "num_means = [0.0, 0.0]",
          "mean_imputation = true",
          "beta = [0.25, -0.5, -1.0]",
          "family = binomial",
          "link = logit",
          "",
          "[columns]",
          "age",
          "debt",
          "label",
          "",
          "[domains]",
          "2: 2 d000.txt",
          "");

  private H2oHost() {}

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0], "credit.zip");
    write(file);
    EasyPredictModelWrapper wrapper = new EasyPredictModelWrapper(MojoModel.load(file.toString()));
    for (int call = 0; call < 42; call++) {
      RowData row = new RowData();
      row.put("age", call < 40 ? (Object) (double) (call / 2) : new int[0]);
      row.put("debt", 1.0);
      try {
        System.out.println(wrapper.predictBinomial(row).classProbabilities[1]);
      } catch (PredictException e) {
        System.out.println("refused");
      }
    }
  }

  private static void write(Path file) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("model.ini"));
      zip.write(MODEL.getBytes(UTF_8));
      zip.putNextEntry(new ZipEntry("domains/d000.txt"));
      zip.write("deny\napprove\n".getBytes(UTF_8));
    }
  }
}
