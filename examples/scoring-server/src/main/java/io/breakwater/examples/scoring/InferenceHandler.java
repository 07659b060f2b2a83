package io.breakwater.examples.scoring;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.breakwater.examples.scoring.RequestSchema.InputTensor;
import java.io.IOException;

/** The addresses of the KServe v2 protocol, for one model. Safe for use by many threads. */
final class InferenceHandler implements HttpHandler {
  private static final int MAX_BODY_BYTES = 1 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ModelSlot slot;
  private final RequestSchema schema;
  private final String modelPath;
  private final String loadPath;

  InferenceHandler(ModelSlot slot, RequestSchema schema) {
    this.slot = slot;
    this.schema = schema;
    this.modelPath = "/v2/models/" + slot.name();
    this.loadPath = "/v2/repository/models/" + slot.name() + "/load";
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
      try {
        answer(exchange, 200, answerTo(exchange, body));
      } catch (HttpProblem e) {
        answer(exchange, e.status(), error(e.reason()));
      } catch (OrtException e) {
        answer(exchange, 500, error("the model run failed: " + e.getMessage()));
      } catch (RuntimeException e) {
        System.err.println("scoring-server: " + exchange.getRequestURI() + ": " + e);
        answer(exchange, 500, error("internal error: " + e.getClass().getSimpleName()));
      }
    }
  }

  private ObjectNode answerTo(HttpExchange exchange, byte[] body) throws HttpProblem, OrtException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals(modelPath + "/infer")) {
      requireMethod(exchange, "POST");
      return infer(body);
    }
    if (path.equals(loadPath)) {
      requireMethod(exchange, "POST");
      slot.reload();
      return JSON.createObjectNode();
    }
    if (path.equals("/v2")) {
      requireMethod(exchange, "GET");
      return JSON.createObjectNode().put("name", "scoring-server").put("version", "0.1.0");
    }
    if (path.equals("/v2/health/live")) {
      requireMethod(exchange, "GET");
      return JSON.createObjectNode().put("live", true);
    }
    if (path.equals("/v2/health/ready")) {
      requireMethod(exchange, "GET");
      return JSON.createObjectNode().put("ready", true);
    }
    if (path.equals(modelPath)) {
      requireMethod(exchange, "GET");
      return slot.use(InferenceHandler::describe);
    }
    throw new HttpProblem(404, path + ": not found (expected: " + modelPath + "/infer)");
  }

  private ObjectNode infer(byte[] body) throws HttpProblem, OrtException {
    if (body.length > MAX_BODY_BYTES) {
      throw new HttpProblem(413, "body: over " + MAX_BODY_BYTES + " bytes (expected: less)");
    }
    return slot.use(model -> infer(model, body));
  }

  private ObjectNode infer(ScoringModel model, byte[] body) throws HttpProblem, OrtException {
    InferRequest request = InferRequest.parse(body, model.features());
    for (String feature : model.features()) {
      if (request.column(feature) == null && !model.medians().containsKey(feature)) {
        throw HttpProblem.badRequest(
            "inputs: \"" + feature + "\" missing (optional: " + model.medians().keySet() + ")");
      }
    }
    InputTensor tensor = schema.toTensor(request, model.features(), model.medians());
    tensor.scale(model.features(), model.scales());
    float[] scores = model.score(tensor.values(), tensor.shape());
    ObjectNode answer = JSON.createObjectNode();
    answer.put("model_name", model.name()).put("model_version", model.version());
    ArrayNode data =
        tensor(
                answer.putArray("outputs"),
                ScoringModel.OUTPUT,
                request.rows(),
                ScoringModel.CLASSES)
            .putArray("data");
    for (float score : scores) {
      data.add(score);
    }
    return answer;
  }

  private static ObjectNode describe(ScoringModel model) {
    ObjectNode answer = JSON.createObjectNode();
    answer.put("name", model.name()).put("platform", "onnxruntime_onnx");
    answer.putArray("versions").add(model.version());
    tensor(answer.putArray("inputs"), ScoringModel.INPUT, -1, model.features().size());
    tensor(answer.putArray("outputs"), ScoringModel.OUTPUT, -1, ScoringModel.CLASSES);
    return answer;
  }

  private static ObjectNode tensor(ArrayNode tensors, String name, int rows, int columns) {
    ObjectNode tensor = tensors.addObject();
    tensor.put("name", name).put("datatype", "FP32");
    tensor.putArray("shape").add(rows).add(columns);
    return tensor;
  }

  private static ObjectNode error(String message) {
    return JSON.createObjectNode().put("error", message);
  }

  private static void requireMethod(HttpExchange exchange, String method) throws HttpProblem {
    if (!exchange.getRequestMethod().equals(method)) {
      throw new HttpProblem(
          405, exchange.getRequestMethod() + ": not allowed here (expected: " + method + ")");
    }
  }

  private static void answer(HttpExchange exchange, int status, ObjectNode json)
      throws IOException {
    byte[] body = JSON.writeValueAsBytes(json);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
