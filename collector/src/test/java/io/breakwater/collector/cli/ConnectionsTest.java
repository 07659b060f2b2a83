package io.breakwater.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.collector.FakeTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code validate --connect}. */
class ConnectionsTest {
  @TempDir Path folder;

  @Test
  void everythingThatWorks_isALine() throws Exception {
    String target = UUID.randomUUID().toString();
    FakeTarget.named(target).with("1", 0.8).with("2", 0.2);
    reference();
    try (ServerSocket people = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Run run =
          validate(
              """
              models:
                - name: credit
                  guardrails: [{signal: score, drift: native}, {signal: "feature:*", drift: native}]
                  reference: {file: reference.json}
                  backend: {type: fake, target: TARGET}
              alerts: [{name: ops, webhook: "http://localhost:PORT/secret/path"}]
              """
                  .replace("TARGET", target)
                  .replace("PORT", String.valueOf(people.getLocalPort())));

      assertThat(run.err()).isEmpty();
      assertThat(run.status()).isZero();
      assertThat(run.out().lines().skip(2))
          .containsExactly(
              "model credit: backend fake: traffic 1=80 %, 2=20 %; ready 1, 2",
              "model credit: reference reference.json: score native armed for score",
              "model credit: reference reference.json: feature:* native armed for" + " feature:age",
              "alert ops: localhost:" + people.getLocalPort() + ": connects");
      assertThat(FakeTarget.named(target).applied()).isEmpty();
    }
  }

  @Test
  void referenceThatArmsNothing_isAFinding() throws Exception {
    reference();

    Run run =
        validate(
            """
            models:
              - name: credit
                guardrails: [{signal: "feature:income", drift: native}, {signal: score, drift: native}]
                reference: {file: reference.json}
            """);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .contains("nothing to compare feature:income native with (expected: a reference of")
        .contains("score native armed for score");
  }

  @Test
  void targetThatCannotBeReached_isStatus3() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }

    Run run =
        validate(
            """
            models: [{name: credit, guardrails: [{signal: errors, max: 5%}]}]
            alerts:
              - {name: ops, webhook: "http://127.0.0.1:PORT/"}
              - {name: metadata, webhook: "http://169.254.169.254/latest"}
              - {name: nowhere, alertmanager: "http://nowhere.invalid"}
            """
                .replace("PORT", String.valueOf(port)));

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out())
        .contains("alert ops: 127.0.0.1:" + port + ": cannot connect: ")
        .contains("alert metadata: 169.254.169.254:80: 169.254.169.254 is a link-local or metadata")
        .contains("alert nowhere: nowhere.invalid:80: unknown host");
  }

  @Test
  void certificateThatNobodyTrusts_isStatus3() throws Exception {
    try (ServerSocket noTls = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread hangingUp =
          new Thread(
              () -> {
                try {
                  noTls.accept().close();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      hangingUp.setDaemon(true);
      hangingUp.start();
      Run run =
          validate(
              "models: [{name: credit, guardrails: [{signal: errors, max: 5%}]}]\n"
                  + "alerts: [{name: ops, webhook: \"https://127.0.0.1:"
                  + noTls.getLocalPort()
                  + "/\"}]\n");

      assertThat(run.status()).isEqualTo(3);
      assertThat(run.out()).contains("cannot connect: ");
    }
  }

  private void reference() throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    StringBuilder text = new StringBuilder("age,p\n");
    for (int i = 0; i < 4_000; i++) {
      text.append(20 + random.nextInt(40)).append(',').append(random.nextInt(100) / 100.0);
      text.append('\n');
    }
    Path data = Files.writeString(folder.resolve("data.csv"), text);
    Run run =
        Run.of(
            "reference",
            "build",
            data.toString(),
            "--columns",
            "score=p",
            "-o",
            folder.resolve("reference.json").toString());
    assertThat(run.status()).as(run.err()).isZero();
  }

  private Run validate(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("b.yaml"), yaml);
    return Run.of("validate", file.toString(), "--connect");
  }
}
