package io.breakwater.agent.instrumentation.tribuo.advice;

import static io.breakwater.agent.instrumentation.kit.Points.failed;
import static io.breakwater.agent.instrumentation.kit.Points.feature;
import static io.breakwater.agent.instrumentation.kit.Points.predicted;
import static io.breakwater.agent.instrumentation.kit.Points.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.breakwater.agent.core.instrument.Enclosing;
import io.breakwater.agent.instrumentation.kit.Points;
import io.breakwater.agent.instrumentation.kit.WatchedCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.Output;
import org.tribuo.OutputFactory;
import org.tribuo.Prediction;
import org.tribuo.Trainer;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.sgd.linear.LogisticRegressionTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.SGD;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.sgd.linear.LinearSGDTrainer;
import org.tribuo.regression.sgd.objectives.SquaredLoss;

/** Trains and asks the real library. */
class ModelsTest {
  private final WatchedCalls calls = WatchedCalls.create();
  private final ExampleAdvice advice = new ExampleAdvice(calls.recorder());

  private static <T extends Output<T>> Example<T> example(T output, double age, double debt) {
    return new ArrayExample<>(output, new String[] {"age", "debt"}, new double[] {age, debt});
  }

  private static <T extends Output<T>> Model<T> train(
      Trainer<T> trainer, OutputFactory<T> factory, List<Example<T>> examples) {
    MutableDataset<T> data =
        new MutableDataset<>(new SimpleDataSourceProvenance("made here", factory), factory);
    examples.forEach(data::add);
    return trainer.train(data);
  }

  private static Model<Label> classifier(Trainer<Label> trainer) {
    List<Example<Label>> examples = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      examples.add(example(new Label(i % 10 < 5 ? "approve" : "deny"), i % 10, i % 3));
    }
    return train(trainer, new LabelFactory(), examples);
  }

  private <T extends Output<T>> Prediction<T> predict(Model<T> model, Example<T> example)
      throws Exception {
    return calls.call(advice, model, () -> model.predict(example), example);
  }

  @Test
  void predictionOfALabel_isACallWithFeaturesScoreAndClass() throws Exception {
    Model<Label> model = classifier(new LogisticRegressionTrainer());
    model.setName("credit");
    Label second = model.getOutputIDInfo().getOutput(1);
    double expected = 0;
    int approved = 0;
    for (int i = 0; i < 20; i++) {
      Prediction<Label> made = predict(model, example(LabelFactory.UNKNOWN_LABEL, i % 10, 2));
      expected += made.getOutputScores().get(second.getLabel()).getScore();
      approved += made.getOutput().getLabel().equals("approve") ? 1 : 0;
    }
    Points points = calls.points();

    assertThat(points.model()).matches("credit [0-9a-f]{12}");
    assertThat(points.framework()).isEqualTo("tribuo");
    assertThat(points.calls()).isEqualTo(20);
    assertThat(points.histogram(feature("age")).sum()).isEqualTo(90);
    assertThat(points.histogram(feature("debt")).sum()).isEqualTo(40);
    assertThat(points.histogram(score("score")).sum()).isCloseTo(expected, within(1e-9));
    assertThat(points.sum(predicted("approve"))).isEqualTo(approved).isPositive();
    assertThat(points.sum(predicted("deny"))).isEqualTo(20 - approved);
    assertThat(calls.dropped()).isZero();
    assertThat(Enclosing.current()).isNull();
  }

  @Test
  void predictionForManyExamples_isOneCall() throws Exception {
    Model<Label> model = classifier(new CARTClassificationTrainer());
    List<Example<Label>> examples = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      examples.add(example(LabelFactory.UNKNOWN_LABEL, i, 1));
    }
    BatchAdvice batch = new BatchAdvice(calls.recorder());
    calls.call(
        batch,
        model,
        () -> {
          List<Prediction<Label>> made = new ArrayList<>();
          for (Example<Label> each : examples) { // as the patched model does
            made.add(predict(model, each));
          }
          return made;
        },
        examples);
    Points points = calls.points();

    assertThat(points.calls()).isEqualTo(1);
    assertThat(points.rows()).isEqualTo(30);
    assertThat(points.histogram(feature("age")).count()).isEqualTo(30);
  }

  @Test
  void predictionOfANumber_isTheScore() throws Exception {
    List<Example<Regressor>> examples = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      examples.add(example(new Regressor("price", i % 10 / 10.0), i % 10 / 10.0, 1));
    }
    Model<Regressor> model =
        train(
            new LinearSGDTrainer(new SquaredLoss(), SGD.getSimpleSGD(0.01), 5, 1L),
            new RegressionFactory(),
            examples);
    double expected = 0;
    for (int i = 0; i < 10; i++) {
      expected += predict(model, examples.get(i)).getOutput().getValues()[0];
    }

    assertThat(calls.points().histogram(score("score")).sum()).isCloseTo(expected, within(1e-9));
  }

  @Test
  void featureThatAnExampleLacks_isMissing() throws Exception {
    Model<Label> model = classifier(new LogisticRegressionTrainer());
    for (int i = 0; i < 10; i++) {
      predict(
          model,
          new ArrayExample<>(LabelFactory.UNKNOWN_LABEL, new String[] {"debt"}, new double[] {1}));
    }

    assertThat(calls.points().sum("ml.inference.feature.missing{ml.feature.name=age}"))
        .isEqualTo(10);
  }

  @Test
  void modelThatWasSavedAndLoaded_hasTheSameVersion() throws Exception {
    Model<Label> model = classifier(new LogisticRegressionTrainer());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(model);
    }
    Model<?> loaded;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      loaded = (Model<?>) in.readObject();
    }

    assertThat(Models.ALL.description(calls.recorder(), loaded).version().get())
        .isEqualTo(Models.ALL.description(calls.recorder(), model).version().get());
  }

  @Test
  void failure_reachesTheCallerAndIsCounted() throws Exception {
    Model<Label> model = classifier(new LogisticRegressionTrainer());
    Example<Label> unknown =
        new ArrayExample<>(LabelFactory.UNKNOWN_LABEL, new String[] {"else"}, new double[] {1});

    assertThatThrownBy(() -> predict(model, unknown)).isInstanceOf(IllegalArgumentException.class);
    assertThat(calls.points().histogram(failed(IllegalArgumentException.class)).count())
        .isEqualTo(1);
  }
}
