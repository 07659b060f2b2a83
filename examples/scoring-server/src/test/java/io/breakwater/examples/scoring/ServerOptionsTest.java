package io.breakwater.examples.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerOptionsTest {
  @Test
  void nothing_isTheFirstBundledModelOnLoopback() {
    assertThat(ServerOptions.parse())
        .isEqualTo(new ServerOptions(null, "1", "", "127.0.0.1", 8080, RequestSchema.V1, 16));
  }

  @Test
  void everything_isRead() {
    assertThat(
            ServerOptions.parse(
                "--model",
                "m.onnx",
                "--bundled",
                "2",
                "--name",
                "n",
                "--host",
                "::1",
                "--port",
                "0",
                "--schema",
                "v2",
                "--threads",
                "3"))
        .isEqualTo(new ServerOptions(Path.of("m.onnx"), "2", "n", "::1", 0, RequestSchema.V2, 3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port | --port: no value",
        "--port x | --port: x (expected: 0 to 65535)",
        "--threads 0 | --threads: 0 (expected: 1 to 1000)",
        "--schema v3 | --schema: v3 (expected: v1 or v2)",
        "--colour red | unknown option --colour",
      })
  void nonsense_isRefused(String line, String message) {
    assertThatThrownBy(() -> ServerOptions.parse(line.split(" ", -1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
