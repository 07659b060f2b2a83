package io.breakwater.examples.scoring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoringServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double[] DISTRICT = {
    9.8413, 32, 7.17, 1.0467626, 4353, 2.937, 34.22, -118.19
  };

  private final HttpClient client = HttpClient.newHttpClient();
  private ScoringServer first;
  private ScoringServer second;

  @BeforeEach
  void start() throws Exception {
    first = ScoringServer.start(ServerOptions.parse("--port", "0"));
    second =
        ScoringServer.start(ServerOptions.parse("--port", "0", "--bundled", "2", "--schema", "v2"));
  }

  @AfterEach
  void stop() throws Exception {
    first.close();
    second.close();
  }

  @Test
  void bothForms_giveTheSameScores() throws Exception {
    JsonNode matrix = ok(infer(first, matrix("[1,8]", DISTRICT)));
    JsonNode columns = ok(infer(first, columns(false)));

    assertThat(columns).isEqualTo(matrix);
    assertThat(matrix.path("model_version").asText()).isEqualTo("1");
    JsonNode output = matrix.path("outputs").path(0);
    assertThat(output.path("shape").toString()).isEqualTo("[1,2]");
    JsonNode scores = output.path("data");
    assertThat(scores.get(0).asDouble() + scores.get(1).asDouble()).isBetween(0.9999, 1.0001);
  }

  @Test
  void manyRows_areScoredInOrder() throws Exception {
    double[] other = {2.025, 33, 3.43, 1.12, 375, 4.63, 33.75, -116.25};
    double[] both =
        IntStream.range(0, 16).mapToDouble(i -> i < 8 ? DISTRICT[i] : other[i - 8]).toArray();

    JsonNode scores = ok(infer(first, matrix("[2,8]", both))).at("/outputs/0/data");

    JsonNode ofOther = ok(infer(first, matrix("[1,8]", other))).at("/outputs/0/data");
    assertThat(scores).hasSize(4);
    assertThat(scores.get(3).asDouble()).isEqualTo(ofOther.get(1).asDouble());
  }

  @Test
  void optionalColumnLeftOut_version1TakesTheMedian() throws Exception {
    assertThat(ok(infer(first, columns(true)))).isEqualTo(ok(infer(first, columns(false))));
  }

  @Test
  void optionalColumnLeftOut_version2FailsInTheModelRun() throws Exception {
    assertThat(infer(second, columns(false)).statusCode()).isEqualTo(200);

    HttpResponse<String> answer = infer(second, columns(true));

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(JSON.readTree(answer.body()).path("error").asText())
        .startsWith("the model run failed:")
        .contains("Got: 7 Expected: 8");
    assertThat(infer(second, columns(false)).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not json | body is not JSON",
        "{} | inputs: missing (expected: a list of tensors)",
        "{'inputs':[{'name':'input','shape':[1,7],'datatype':'FP32','data':[1]}]}"
            + "| inputs: \"input\": shape [1,7] (expected: [rows, 8])",
        "{'inputs':[{'name':'input','shape':[0,8],'datatype':'FP32','data':[]}]}"
            + "| (expected: a list of sizes, 1 row or more)",
        "{'inputs':[{'name':'input','shape':[1,8],'datatype':'FP32','data':[1,2]}]}"
            + "| inputs: \"input\": data has 2 values (expected: 8)",
        "{'inputs':[{'name':'input','shape':[1,8],'datatype':'INT64','data':[1]}]}"
            + "| datatype \"INT64\" (expected: FP32)",
        "{'inputs':[{'name':'Size','shape':[1],'datatype':'FP32','data':[1]}]}"
            + "| inputs: name \"Size\" (expected: input, or one of",
        "{'inputs':[{'name':'MedInc','shape':[1],'datatype':'FP32','data':[null]}]}"
            + "| data[0]: null (expected: a number)",
        "{'inputs':[{'name':'MedInc','shape':[1],'datatype':'FP32','data':[1]}]}"
            + "| inputs: \"HouseAge\" missing (optional: [AveBedrms])",
        "{'inputs':[{'name':'MedInc','shape':[1],'datatype':'FP32','data':[1]},"
            + "{'name':'HouseAge','shape':[2],'datatype':'FP32','data':[1,2]}]}"
            + "| inputs: \"HouseAge\": shape [2] (expected: 1 rows, as in the other columns)",
      })
  void wrongInput_isRefusedWithWhatWouldBeRight(String body, String message) throws Exception {
    HttpResponse<String> answer = infer(first, body.replace('\'', '"'));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(answer.body()).path("error").asText()).contains(message);
  }

  @Test
  void bodyTooLarge_isRefused() throws Exception {
    HttpResponse<String> answer = infer(first, " ".repeat((1 << 20) + 1));

    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void load_readsTheModelsFileAgain(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("model.onnx");
    copyBundled("2", file);
    try (ScoringServer server =
        ScoringServer.start(ServerOptions.parse("--port", "0", "--model", file.toString()))) {
      JsonNode before = ok(infer(server, columns(false)));

      copyBundled("2-skewed", file);
      assertThat(ok(infer(server, columns(false)))).isEqualTo(before);
      ok(load(server));

      JsonNode after = ok(infer(server, columns(false)));
      assertThat(after.path("model_version").asText()).isEqualTo("2");
      assertThat(after.at("/outputs/0/data/1").asDouble())
          .isGreaterThan(before.at("/outputs/0/data/1").asDouble());

      Files.writeString(file, "nonsense");
      assertThat(load(server).statusCode()).isEqualTo(400);
      assertThat(ok(infer(server, columns(false)))).isEqualTo(after);
    }
  }

  @Test
  void load_ofABundledModelIsRefused() throws Exception {
    HttpResponse<String> answer = load(first);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("a bundled model cannot be loaded again");
  }

  @Test
  void skewedFeature_isScaledBeforeTheModelGetsIt() throws Exception {
    double[] richer = DISTRICT.clone();
    richer[0] *= 1.67f;
    try (ScoringServer skewed =
            ScoringServer.start(ServerOptions.parse("--port", "0", "--bundled", "2-skewed"));
        ScoringServer right =
            ScoringServer.start(ServerOptions.parse("--port", "0", "--bundled", "2"))) {
      assertThat(ok(infer(skewed, columns(false))).at("/outputs/0/data/1").asDouble())
          .isCloseTo(
              ok(infer(right, matrix("[1,8]", richer))).at("/outputs/0/data/1").asDouble(),
              within(1e-6));
    }
  }

  @Test
  void addresses_ofTheProtocol() throws Exception {
    assertThat(get("/v2").statusCode()).isEqualTo(200);
    assertThat(get("/v2/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/v2/health/ready").statusCode()).isEqualTo(200);
    assertThat(get("/v2/models/california-housing").body()).contains("\"versions\":[\"1\"]");
    assertThat(get("/v2/models/california-housing/infer").statusCode()).isEqualTo(405);
    assertThat(get("/v2/models/other").statusCode()).isEqualTo(404);
  }

  private static JsonNode ok(HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private HttpResponse<String> infer(ScoringServer server, String body) throws Exception {
    URI address = address(server, "/v2/models/california-housing/infer");
    return client.send(
        HttpRequest.newBuilder(address).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> load(ScoringServer server) throws Exception {
    URI address = address(server, "/v2/repository/models/california-housing/load");
    return client.send(
        HttpRequest.newBuilder(address).POST(BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }

  private static void copyBundled(String which, Path file) throws Exception {
    try (InputStream model =
        ScoringModel.class.getResourceAsStream("california-housing-" + which + ".onnx")) {
      Files.copy(requireNonNull(model), file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(address(first, path)).build(), BodyHandlers.ofString());
  }

  private static URI address(ScoringServer server, String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private static String matrix(String shape, double[] values) {
    return "{\"inputs\":[{\"name\":\"input\",\"shape\":%s,\"datatype\":\"FP32\",\"data\":%s}]}"
        .formatted(shape, JSON.valueToTree(values));
  }

  private static String columns(boolean withoutOptional) {
    return IntStream.range(0, DISTRICT.length)
        .filter(
            i ->
                !withoutOptional
                    || !HousingData.FEATURES.get(i).equals(HousingData.OPTIONAL_FEATURE))
        .mapToObj(
            i ->
                "{\"name\":\"%s\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[%s]}"
                    .formatted(HousingData.FEATURES.get(i), DISTRICT[i]))
        .collect(Collectors.joining(",", "{\"inputs\":[", "]}"));
  }
}
