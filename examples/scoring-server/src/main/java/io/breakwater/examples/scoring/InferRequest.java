package io.breakwater.examples.scoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a KServe v2 inference request, column by column. Two forms are taken:
 *
 * <ul>
 *   <li>one input {@code input} of shape {@code [rows, columns]}, all columns of the model, row
 *       after row;
 *   <li>one input per column, named like it, of shape {@code [rows]} or {@code [rows, 1]}; optional
 *       columns may be left out.
 * </ul>
 */
final class InferRequest {
  private static final ObjectReader READER =
      new ObjectMapper()
          .reader()
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .forType(JsonNode.class);

  private final int rows;
  private final Map<String, float[]> columns;

  private InferRequest(int rows, Map<String, float[]> columns) {
    this.rows = rows;
    this.columns = columns;
  }

  /**
   * Reads a request for a model with these columns.
   *
   * @throws HttpProblem status 400, when it is malformed
   */
  static InferRequest parse(byte[] json, List<String> features) throws HttpProblem {
    JsonNode inputs = readTree(json).path("inputs");
    if (!inputs.isArray() || inputs.isEmpty()) {
      throw HttpProblem.badRequest("inputs: missing (expected: a list of tensors)");
    }
    if (inputs.size() == 1 && inputs.get(0).path("name").asText().equals(ScoringModel.INPUT)) {
      return ofMatrix(inputs.get(0), features);
    }
    return ofColumns(inputs, features);
  }

  int rows() {
    return rows;
  }

  /** The values of a column, or null when the request leaves it out. */
  float @Nullable [] column(String feature) {
    return columns.get(feature);
  }

  private static InferRequest ofMatrix(JsonNode tensor, List<String> features) throws HttpProblem {
    long[] shape = shape(tensor, ScoringModel.INPUT);
    if (shape.length != 2 || shape[1] != features.size()) {
      throw badShape(ScoringModel.INPUT, tensor, "[rows, " + features.size() + "]");
    }
    float[] values = data(tensor, ScoringModel.INPUT, Math.multiplyExact(shape[0], shape[1]));
    int rows = (int) shape[0];
    Map<String, float[]> columns = new LinkedHashMap<>();
    for (int c = 0; c < features.size(); c++) {
      float[] column = new float[rows];
      for (int row = 0; row < rows; row++) {
        column[row] = values[row * features.size() + c];
      }
      columns.put(features.get(c), column);
    }
    return new InferRequest(rows, columns);
  }

  private static InferRequest ofColumns(JsonNode inputs, List<String> features) throws HttpProblem {
    Map<String, float[]> columns = new LinkedHashMap<>();
    int rows = -1;
    for (JsonNode tensor : inputs) {
      String name = tensor.path("name").asText();
      if (!features.contains(name)) {
        throw HttpProblem.badRequest(
            "inputs: name \"" + name + "\" (expected: input, or one of " + features + ")");
      }
      long[] shape = shape(tensor, name);
      if (shape.length > 2 || (shape.length == 2 && shape[1] != 1)) {
        throw badShape(name, tensor, "[rows] or [rows, 1]");
      }
      if (rows >= 0 && shape[0] != rows) {
        throw badShape(name, tensor, rows + " rows, as in the other columns");
      }
      rows = (int) shape[0];
      if (columns.put(name, data(tensor, name, rows)) != null) {
        throw HttpProblem.badRequest("inputs: \"" + name + "\" comes twice (expected: once)");
      }
    }
    return new InferRequest(rows, columns);
  }

  private static long[] shape(JsonNode tensor, String name) throws HttpProblem {
    JsonNode shape = tensor.path("shape");
    boolean sizes =
        StreamSupport.stream(shape.spliterator(), false)
            .allMatch(size -> size.isIntegralNumber() && size.canConvertToInt());
    if (!shape.isArray() || shape.isEmpty() || !sizes || shape.get(0).intValue() < 1) {
      throw badShape(name, tensor, "a list of sizes, 1 row or more");
    }
    return StreamSupport.stream(shape.spliterator(), false)
        .mapToLong(JsonNode::longValue)
        .toArray();
  }

  private static float[] data(JsonNode tensor, String name, long size) throws HttpProblem {
    String datatype = tensor.path("datatype").asText();
    if (!datatype.equals("FP32")) {
      throw HttpProblem.badRequest(
          "inputs: \"" + name + "\": datatype \"" + datatype + "\" (expected: FP32)");
    }
    JsonNode data = tensor.path("data");
    if (!data.isArray() || data.size() != size) {
      throw HttpProblem.badRequest(
          "inputs: \"" + name + "\": data has " + data.size() + " values (expected: " + size + ")");
    }
    float[] values = new float[data.size()];
    for (int i = 0; i < values.length; i++) {
      if (!data.get(i).isNumber()) {
        throw HttpProblem.badRequest(
            "inputs: \"" + name + "\": data[" + i + "]: " + data.get(i) + " (expected: a number)");
      }
      values[i] = data.get(i).floatValue();
    }
    return values;
  }

  private static HttpProblem badShape(String name, JsonNode tensor, String expected) {
    return HttpProblem.badRequest(
        "inputs: \""
            + name
            + "\": shape "
            + tensor.path("shape")
            + " (expected: "
            + expected
            + ")");
  }

  private static JsonNode readTree(byte[] json) throws HttpProblem {
    try {
      return READER.readTree(json);
    } catch (JsonProcessingException e) {
      throw HttpProblem.badRequest("body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new AssertionError("reading bytes in memory", e);
    }
  }
}
