package io.breakwater.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientTest {
  @TempDir Path folder;
  private HttpServer server;
  private ExecutorService threads;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext("/", ClientTest::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void incompleteRequests_areTheAskedShare() throws Exception {
    List<Answer> answers = answersWith(0.5, 200);

    assertThat(answers).hasSizeGreaterThanOrEqualTo(200);
    assertThat(answers).extracting(Answer::version).containsOnly("2");
    assertThat(answers.stream().filter(Answer::badByCanary).count())
        .isBetween(answers.size() / 4L, answers.size() * 3L / 4);
    assertThat(answers).allMatch(answer -> !answer.at().isBefore(answer.sentAt()));
  }

  @Test
  void allColumns_areThereByDefault() throws Exception {
    assertThat(answersWith(0, 50)).allMatch(Answer::good);
  }

  @Test
  void score_isTheProbabilityOfClass1() {
    assertThat(Answer.score("{\"outputs\":[{\"shape\":[1,2],\"data\":[0.25,0.75]}]}"))
        .isEqualTo(0.75);
    assertThat(Answer.score("{\"error\":\"the model run failed\"}")).isNaN();
    assertThat(Answer.score("{\"data\":[0.25,null]}")).isNaN();
    assertThat(Answer.score("")).isNaN();
  }

  @Test
  void noServer_isAnAnswerToo() throws Exception {
    server.stop(0);

    assertThat(answersWith(0, 20)).allMatch(answer -> answer.status() == 0);
  }

  @Test
  void rows_areShuffledTheSameWayEveryTime() throws Exception {
    Path jar = jar();

    assertThat(Districts.read(jar, 1).request(0, true))
        .isEqualTo(Districts.read(jar, 1).request(3, true))
        .contains("\"name\":\"AveBedrms\"")
        .doesNotContain("clf_target");
    assertThat(Districts.read(jar, 1).request(0, false)).doesNotContain("AveBedrms");
  }

  private List<Answer> answersWith(double incomplete, int atLeast) throws Exception {
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/infer");
    Districts districts = Districts.read(jar(), 1);
    try (Client client = new Client(address, districts, 1_000, Duration.ofMillis(1), 7)) {
      client.leaveOutOptionalColumn(incomplete);
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (client.answers().size() < atLeast && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      client.stop();
      assertThat(client.medianLatency(atLeast)).isBetween(Duration.ZERO, Duration.ofSeconds(30));
      assertThat(client.medianLatency(1_000_000)).isNull();
      return client.answers();
    }
  }

  /** Like a version 2: fails what lacks the optional column. */
  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      exchange.getResponseHeaders().set(Stack.VERSION_HEADER, Stack.CANARY);
      exchange.sendResponseHeaders(body.contains(Districts.OPTIONAL_COLUMN) ? 200 : 500, -1);
    }
  }

  private Path jar() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream rows = new GZIPOutputStream(packed)) {
      rows.write("MedInc,AveBedrms,clf_target\n1.5,1.1,0\n2.5,1.2,1\n3.5,1.3,0\n".getBytes(UTF_8));
    }
    Path jar = folder.resolve("scoring-server.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry("io/breakwater/examples/scoring/california-housing.csv.gz"));
      zip.write(packed.toByteArray());
    }
    return jar;
  }
}
