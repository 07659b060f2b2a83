package io.breakwater.agent.dist;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An ONNX model small enough to be written by hand: numbers in, the logistic function of their mean
 * out.
 */
final class TinyModel {
  private static final int FLOAT = 1;

  private TinyModel() {}

  /** Writes one of two columns with a name and a version of its own. */
  static Path write(Path folder, String name, String version) throws IOException {
    return write(folder, name, version, 2);
  }

  static Path write(Path folder, String name, String version, int columns) throws IOException {
    byte[] graph =
        message(
            out -> {
              out.writeByteArray(1, node("ReduceMean", "input", "mean", true));
              out.writeByteArray(1, node("Sigmoid", "mean", "output", false));
              out.writeString(2, "tiny");
              out.writeByteArray(11, value("input", columns));
              out.writeByteArray(12, value("output", 1));
            });
    byte[] model =
        message(
            out -> {
              out.writeInt64(1, 8); // ir_version
              out.writeByteArray(7, graph);
              out.writeByteArray(8, message(opset -> opset.writeInt64(2, 13)));
              out.writeByteArray(14, property("breakwater.model", name));
              out.writeByteArray(14, property("breakwater.version", version));
              out.writeByteArray(14, property("breakwater.features", "age,income"));
            });
    return Files.write(folder.resolve(name + "-" + version + ".onnx"), model);
  }

  private static byte[] node(String operator, String input, String output, boolean alongRows) {
    return message(
        out -> {
          out.writeString(1, input);
          out.writeString(2, output);
          out.writeString(4, operator);
          if (alongRows) {
            out.writeByteArray(
                5,
                message(
                    attribute -> {
                      attribute.writeString(1, "axes");
                      attribute.writeInt64(8, 1);
                      attribute.writeInt32(20, 7); // type: INTS
                    }));
          }
        });
  }

  private static byte[] value(String name, int columns) {
    byte[] shape =
        message(
            out -> {
              out.writeByteArray(1, message(rows -> rows.writeString(2, "batch")));
              out.writeByteArray(1, message(width -> width.writeInt64(1, columns)));
            });
    byte[] tensor =
        message(
            out -> {
              out.writeInt32(1, FLOAT);
              out.writeByteArray(2, shape);
            });
    return message(
        out -> {
          out.writeString(1, name);
          out.writeByteArray(2, message(type -> type.writeByteArray(1, tensor)));
        });
  }

  private static byte[] property(String key, String value) {
    return message(
        out -> {
          out.writeString(1, key);
          out.writeBytes(2, ByteString.copyFromUtf8(value));
        });
  }

  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
