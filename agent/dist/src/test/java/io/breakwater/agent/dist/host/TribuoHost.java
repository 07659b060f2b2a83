package io.breakwater.agent.dist.host;

import java.util.ArrayList;
import java.util.List;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.ensemble.VotingCombiner;
import org.tribuo.common.tree.RandomForestTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * Trains a forest, of which each prediction is one of each tree, and predicts 20 times one by one
 * and 20 examples at once 20 times; two more calls fail.
 */
public final class TribuoHost {
  private TribuoHost() {}

  public static void main(String[] arguments) {
    Model<Label> model = train();
    model.setName("credit");
    for (int call = 0; call < 20; call++) {
      System.out.println(model.predict(example(call, "age", "debt")).getOutput().getLabel());
      System.out.println(model.predict(List.of(example(call, "age", "debt"))).size());
    }
    for (int call = 0; call < 2; call++) {
      try {
        System.out.println(model.predict(example(call, "else")));
      } catch (IllegalArgumentException e) {
        System.out.println("refused");
      }
    }
  }

  private static Example<Label> example(double value, String... features) {
    double[] values = new double[features.length];
    values[0] = value;
    return new ArrayExample<>(LabelFactory.UNKNOWN_LABEL, features, values);
  }

  private static Model<Label> train() {
    LabelFactory factory = new LabelFactory();
    List<Example<Label>> examples = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      examples.add(
          new ArrayExample<>(
              new Label(i % 20 < 10 ? "approve" : "deny"),
              new String[] {"age", "debt"},
              new double[] {i % 20, i % 7}));
    }
    MutableDataset<Label> data =
        new MutableDataset<>(new SimpleDataSourceProvenance("made here", factory), factory);
    examples.forEach(data::add);
    CARTClassificationTrainer tree = new CARTClassificationTrainer(4, 0.9f, 1L);
    return new RandomForestTrainer<>(tree, new VotingCombiner(), 5, 1L).train(data);
  }
}
