package io.breakwater.agent.instrumentation.h2o;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes a small generalised linear model as the library keeps it: texts in a zip. */
public final class Mojo {
  private Mojo() {}

  /** Features {@code region} (north, south) and {@code age}, classes deny and approve. */
  public static Path binomial(Path file) throws IOException {
    return write(file, "Binomial", "binomial", "logit", 2);
  }

  /** The same features; what it answers is a number. */
  public static Path regression(Path file) throws IOException {
    return write(file, "Regression", "gaussian", "identity", 1);
  }

  private static Path write(Path file, String category, String family, String link, int classes)
      throws IOException {
    Map<String, String> entries = new TreeMap<>();
    entries.put(
        "model.ini",
        String.join(
            "\n",
            "[info]",
            "h2o_version = 3.30.0.1",
            "mojo_version = 1.00",
            "license = Apache License Version 2.0",
            "algo = glm",
            "algorithm = Generalized Linear Modeling",
            "endianness = LITTLE_ENDIAN",
            "category = " + category,
            "uuid = 5527",
            "supervised = true",
            "n_features = 2",
            "n_classes = " + classes,
            "n_columns = 3",
            "n_domains = " + classes,
            "balance_classes = false",
            "default_threshold = 0.5",
            "prior_class_distrib = null",
            "model_class_distrib = null",
            "timestamp = 2026-01-01 00:00:00",
            "use_all_factor_levels = true",
            "cats = 1",
            "cat_modes = [0]",
            "cat_offsets = [0, 2]",
            "nums = 1",
            "num_means = [40.0]",
            "mean_imputation = true",
            "beta = [0.5, -0.5, 0.05, -2.0]",
            "family = " + family,
            "link = " + link,
            "",
            "[columns]",
            "region",
            "age",
            "label",
            "",
            "[domains]",
            "0: 2 d000.txt",
            classes == 2 ? "2: 2 d001.txt" : "",
            ""));
    entries.put("domains/d000.txt", "north\nsouth\n");
    entries.put("domains/d001.txt", "deny\napprove\n");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(UTF_8));
        zip.closeEntry();
      }
    }
    return file;
  }
}
