package io.breakwater.benchmarks;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import java.util.ArrayList;
import java.util.List;
import org.tribuo.Feature;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * A logistic regression over the features of {@link Rows} as ONNX: about the cheapest real model
 * there is, so that what is added to its calls weighs the most.
 */
final class SmallModel {
  /** Name of the input, float [rows, 30]. */
  static final String INPUT = "input";

  private static final int TRAINING_ROWS = 2_000;

  /** Small, since the features are not standardised: scores stay away from 0 and 1. */
  private static final double LEARNING_RATE = 1e-4;

  private SmallModel() {}

  static byte[] toOnnx(Rows rows) {
    LinearSGDModel model =
        new LinearSGDTrainer(new LogMulticlass(), new AdaGrad(LEARNING_RATE), 1, 20261121)
            .train(dataset(rows));
    return model.exportONNXModel("io.breakwater.benchmarks", 1).toBuilder()
        .addMetadataProps(entry("breakwater.model", "small"))
        .addMetadataProps(entry("breakwater.version", "1"))
        .addMetadataProps(entry("breakwater.classes", "0,1"))
        .build()
        .toByteArray();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  /** Says 1 where the first feature is above its median. */
  private static MutableDataset<Label> dataset(Rows rows) {
    LabelFactory labels = new LabelFactory();
    MutableDataset<Label> dataset =
        new MutableDataset<>(new SimpleDataSourceProvenance("rows", labels), labels);
    for (int row = 0; row < TRAINING_ROWS; row++) {
      int at = row * Rows.WIDTH;
      List<Feature> features = new ArrayList<>();
      for (int column = 0; column < Rows.FEATURES; column++) {
        features.add(new Feature(String.format("%02d", column), rows.values[at + column]));
      }
      String label = rows.values[at] > 1 ? "1" : "0";
      dataset.add(new ArrayExample<>(new Label(label), features));
    }
    return dataset;
  }
}
