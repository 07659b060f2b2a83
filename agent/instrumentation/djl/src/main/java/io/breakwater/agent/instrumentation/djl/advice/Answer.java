package io.breakwater.agent.instrumentation.djl.advice;

import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a predictor answers for one input, as numbers: probabilities of classes, an array, a number,
 * or a small tensor of floats that is not in a GPU's memory. Anything else has none.
 */
final class Answer {
  private static final int MOST_NUMBERS = 1_000;
  private static final double[] NONE = {};

  private final double[] numbers;
  private final List<String> classes;

  private Answer(double[] numbers, List<String> classes) {
    this.numbers = numbers;
    this.classes = classes;
  }

  static List<Answer> all(@Nullable List<?> outputs) {
    List<Answer> answers = new ArrayList<>();
    if (outputs != null) {
      for (Object output : outputs) {
        answers.add(of(output));
      }
    }
    return answers;
  }

  private static Answer of(@Nullable Object output) {
    if (output instanceof Classifications) {
      Classifications found = (Classifications) output;
      double[] probabilities =
          found.getProbabilities().stream().mapToDouble(Double::doubleValue).toArray();
      return new Answer(probabilities, found.getClassNames());
    }
    if (output instanceof NDList && ((NDList) output).size() == 1) {
      return new Answer(tensor(((NDList) output).get(0)), List.of());
    }
    if (output instanceof NDArray) {
      return new Answer(tensor((NDArray) output), List.of());
    }
    double[] numbers = new double[Math.min(MOST_NUMBERS, Numbers.count(output))];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Numbers.at(output, i);
    }
    return new Answer(numbers, List.of());
  }

  private static double[] tensor(NDArray array) {
    long[] shape = array.getShape().getShape();
    boolean oneRow = shape.length < 2 || (shape.length == 2 && shape[0] == 1);
    if (!oneRow
        || array.getShape().size() > MOST_NUMBERS
        || array.getDataType() != DataType.FLOAT32
        || array.getDevice().isGpu()) {
      return NONE;
    }
    float[] floats = array.toFloatArray();
    double[] numbers = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      numbers[i] = floats[i];
    }
    return numbers;
  }

  int size() {
    return numbers.length;
  }

  double at(int column) {
    return numbers[column];
  }

  List<String> classes() {
    return classes;
  }
}
