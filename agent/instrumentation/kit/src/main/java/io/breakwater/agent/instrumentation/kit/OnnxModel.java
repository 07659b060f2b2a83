package io.breakwater.agent.instrumentation.kit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes small ONNX models, field by field of onnx.proto. */
public final class OnnxModel {
  /** Element types of TensorProto. */
  public static final int FLOAT = 1;

  public static final int INT32 = 6;
  public static final int INT64 = 7;
  public static final int STRING = 8;
  public static final int BOOL = 9;
  public static final int DOUBLE = 11;

  /** A dimension that is left open. */
  public static final int OPEN = -1;

  private final Message graph = new Message();
  private final Message metadata = new Message();
  private final String graphName;
  private long version;

  private OnnxModel(String graphName) {
    this.graphName = graphName;
  }

  public static OnnxModel named(String graphName) {
    return new OnnxModel(graphName);
  }

  /** A model whose probability of class 1 is the logistic function of the sum of its inputs. */
  public static OnnxModel binary(int columns) {
    float[] weights = new float[2 * columns];
    for (int i = 0; i < columns; i++) {
      weights[2 * i + 1] = 1;
    }
    return named("binary")
        .input("input", FLOAT, OPEN, columns)
        .floats("weights", weights, columns, 2)
        .node("MatMul", "logits", "input", "weights")
        .node("Softmax", "output", "logits")
        .output("output", FLOAT, OPEN, 2);
  }

  public OnnxModel version(long number) {
    version = number;
    return this;
  }

  public OnnxModel metadata(String key, String value) {
    metadata.message(14, new Message().text(1, key).text(2, value));
    return this;
  }

  public OnnxModel input(String name, int type, int... shape) {
    graph.message(11, value(name, type, shape));
    return this;
  }

  public OnnxModel output(String name, int type, int... shape) {
    graph.message(12, value(name, type, shape));
    return this;
  }

  public OnnxModel floats(String name, float[] values, int... shape) {
    Message tensor = new Message();
    for (int dimension : shape) {
      tensor.number(1, dimension);
    }
    tensor.number(2, FLOAT);
    Message packed = new Message();
    for (float value : values) {
      packed.fixed32(Float.floatToRawIntBits(value));
    }
    graph.message(5, tensor.message(4, packed).text(8, name));
    return this;
  }

  public OnnxModel node(String operator, String output, String... inputs) {
    return node(operator, output, new Message(), inputs);
  }

  /** A node with one integer attribute. */
  public OnnxModel node(
      String operator, String attribute, long number, String output, String... inputs) {
    Message message = new Message().text(1, attribute).number(3, number).number(20, 2);
    return node(operator, output, new Message().message(5, message), inputs);
  }

  private OnnxModel node(String operator, String output, Message attributes, String... inputs) {
    Message node = new Message();
    for (String input : inputs) {
      node.text(1, input);
    }
    graph.message(1, node.text(2, output).text(4, operator).append(attributes));
    return this;
  }

  private static Message value(String name, int type, int... shape) {
    Message dimensions = new Message();
    for (int dimension : shape) {
      dimensions.message(
          1, dimension < 0 ? new Message().text(2, "n") : new Message().number(1, dimension));
    }
    Message tensor = new Message().number(1, type).message(2, dimensions);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  public byte[] bytes() {
    Message model = new Message().number(1, 8).text(2, "test");
    if (version != 0) {
      model.number(5, version);
    }
    return model
        .message(7, new Message().append(graph).text(2, graphName))
        .message(8, new Message().number(2, 13))
        .append(metadata)
        .out
        .toByteArray();
  }

  /** A protobuf message being written. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.out.toByteArray());
    }

    Message append(Message other) {
      out.writeBytes(other.out.toByteArray());
      return this;
    }

    void fixed32(int bits) {
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        out.write(bits >>> shift);
      }
    }

    private Message bytes(int field, byte[] value) {
      varint(((long) field << 3) | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    private void varint(long value) {
      long left = value;
      while ((left & ~0x7fL) != 0) {
        out.write((int) (left & 0x7f) | 0x80);
        left >>>= 7;
      }
      out.write((int) left);
    }
  }
}
