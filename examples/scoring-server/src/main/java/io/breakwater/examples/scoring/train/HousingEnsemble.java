package io.breakwater.examples.scoring.train;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.breakwater.examples.scoring.HousingData.District;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tribuo.classification.sgd.fm.FMClassificationModel;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.la.DenseVector;
import org.tribuo.math.la.Tensor;

/**
 * Many factorization machines, each trained on rows drawn with replacement, whose probabilities are
 * averaged; and its ONNX form, with input, output and metadata as in {@link HousingModel}.
 *
 * <p>The graph goes through the members one by one (ONNX {@code Scan}), so that its run takes time
 * in proportion to their number. The weights are {@code bias} [members, 2], {@code linear}
 * [members, 8, 2] and {@code factors} [members, 8, 8]: four factors for the first class, then four
 * for the second.
 *
 * <p>Trained by one thread from seeded draws, so the same recipe gives the same members again.
 */
final class HousingEnsemble {
  private static final int CLASSES = 2;

  /**
   * How the members are trained.
   *
   * @param version goes into the model's metadata
   * @param rowSeed chooses the rows that members draw from
   * @param rows number of these rows
   * @param memberRows number of rows that a member draws
   * @param memberSeed seed of the first member's draw and training; the next has the next
   */
  record Recipe(
      String version, long rowSeed, int rows, int memberRows, long memberSeed, int epochs) {}

  private final Recipe recipe;
  private final Columns columns;
  private final List<FMClassificationModel> members;

  private HousingEnsemble(Recipe recipe, Columns columns, List<FMClassificationModel> members) {
    this.recipe = recipe;
    this.columns = columns;
    this.members = members;
  }

  /** Trains so many members on {@code districts}. */
  static HousingEnsemble train(Recipe recipe, int members, List<District> districts) {
    Columns columns = Columns.of(districts);
    List<FMClassificationModel> trained = new ArrayList<>();
    for (int member = 0; member < members; member++) {
      long seed = recipe.memberSeed() + member;
      List<District> drawn =
          new Random(seed)
              .ints(recipe.memberRows(), 0, districts.size())
              .mapToObj(districts::get)
              .toList();
      trained.add(HousingModel.machine(columns, drawn, recipe.epochs(), seed));
    }
    return new HousingEnsemble(recipe, columns, trained);
  }

  /** The bytes of a model of the first {@code size} members; the same recipe gives the same. */
  byte[] toOnnx(int size) {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName(TrainModels.MODEL)
            .addInput(value("input", -1, columns.means().length))
            .addOutput(value("output", -1, CLASSES))
            .addInitializer(tensor("mean", columns.means(), columns.means().length))
            .addInitializer(tensor("deviation", columns.deviations(), columns.means().length))
            .addInitializer(tensor("members", new float[] {size}))
            .addInitializer(halfOfEachClass())
            .addInitializer(
                tensor(
                    "zeros",
                    new float[columns.means().length * CLASSES],
                    columns.means().length,
                    CLASSES))
            .addNode(node("Sub", "centred", "input", "mean"))
            .addNode(node("Div", "x", "centred", "deviation"))
            .addNode(node("Mul", "x_squared", "x", "x"));
    addWeights(graph, size);
    return OnnxFile.of(
        graph
            .addNode(node("MatMul", "no_votes", "x", "zeros"))
            .addNode(
                node("Scan", "votes", "no_votes", "bias", "linear", "factors").toBuilder()
                    .addAttribute(
                        AttributeProto.newBuilder()
                            .setName("num_scan_inputs")
                            .setType(AttributeProto.AttributeType.INT)
                            .setI(3))
                    .addAttribute(
                        AttributeProto.newBuilder()
                            .setName("body")
                            .setType(AttributeProto.AttributeType.GRAPH)
                            .setG(member())))
            .addNode(node("Div", "output", "votes", "members"))
            .build(),
        recipe.version(),
        columns.optionalMedian(),
        Map.of());
  }

  /** One member's vote on top of those so far. */
  private GraphProto member() {
    int width = columns.means().length;
    int factors = CLASSES * HousingModel.FACTORS;
    return GraphProto.newBuilder()
        .setName("member")
        .addInput(value("votes_so_far", -1, CLASSES))
        .addInput(value("b", CLASSES))
        .addInput(value("w", width, CLASSES))
        .addInput(value("v", width, factors))
        .addNode(node("MatMul", "xw", "x", "w"))
        .addNode(node("Add", "first_order", "xw", "b"))
        .addNode(node("MatMul", "xv", "x", "v"))
        .addNode(node("Mul", "xv_squared", "xv", "xv"))
        .addNode(node("Mul", "v_squared", "v", "v"))
        .addNode(node("MatMul", "own_squares", "x_squared", "v_squared"))
        .addNode(node("Sub", "twice_pairs", "xv_squared", "own_squares"))
        .addNode(node("MatMul", "second_order", "twice_pairs", "half_of_each_class"))
        .addNode(node("Add", "y", "first_order", "second_order"))
        .addNode(node("Softmax", "vote", "y"))
        .addNode(node("Add", "votes_now", "votes_so_far", "vote"))
        .addOutput(value("votes_now", -1, CLASSES))
        .build();
  }

  private void addWeights(GraphProto.Builder graph, int size) {
    int width = columns.means().length;
    int factors = CLASSES * HousingModel.FACTORS;
    float[] bias = new float[size * CLASSES];
    float[] linear = new float[size * width * CLASSES];
    float[] embedding = new float[size * width * factors];
    for (int m = 0; m < size; m++) {
      DenseVector b = members.get(m).getBiasesCopy();
      DenseMatrix w = members.get(m).getLinearWeightsCopy();
      Tensor[] v = members.get(m).getFactorsCopy();
      for (int c = 0; c < CLASSES; c++) {
        bias[m * CLASSES + c] = (float) b.get(c);
        for (int column = 0; column < width; column++) {
          linear[(m * width + column) * CLASSES + c] = (float) w.get(c, column);
          for (int f = 0; f < HousingModel.FACTORS; f++) {
            embedding[(m * width + column) * factors + c * HousingModel.FACTORS + f] =
                (float) ((DenseMatrix) v[c]).get(f, column);
          }
        }
      }
    }
    graph
        .addInitializer(tensor("bias", bias, size, CLASSES))
        .addInitializer(tensor("linear", linear, size, width, CLASSES))
        .addInitializer(tensor("factors", embedding, size, width, factors));
  }

  private static TensorProto halfOfEachClass() {
    float[] half = new float[CLASSES * HousingModel.FACTORS * CLASSES];
    for (int row = 0; row < CLASSES * HousingModel.FACTORS; row++) {
      half[row * CLASSES + row / HousingModel.FACTORS] = 0.5f;
    }
    return tensor("half_of_each_class", half, CLASSES * HousingModel.FACTORS, CLASSES);
  }

  private static NodeProto node(String operator, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setName(output)
        .setOpType(operator)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }

  private static TensorProto tensor(String name, float[] values, long... shape) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT.getNumber());
    for (long size : shape) {
      tensor.addDims(size);
    }
    for (float value : values) {
      tensor.addFloatData(value);
    }
    return tensor.build();
  }

  private static ValueInfoProto value(String name, int... shape) {
    TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
    for (int size : shape) {
      TensorShapeProto.Dimension.Builder dimension = sizes.addDimBuilder();
      if (size < 0) {
        dimension.setDimParam("rows");
      } else {
        dimension.setDimValue(size);
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                        .setShape(sizes)))
        .build();
  }
}
