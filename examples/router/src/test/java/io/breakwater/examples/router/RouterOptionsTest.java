package io.breakwater.examples.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterOptionsTest {
  private static final String GOOD =
      "--port 0 --admin-port 8001 --target 1=http://127.0.0.1:81 --target 2=http://localhost:82/"
          + " --weights 1=0.8,2=0.2";

  @Test
  void allOptions_areRead() {
    RouterOptions options = parse(GOOD + " --spread smooth --secret-env KEY --host 127.0.0.2");
    assertThat(options.port()).isZero();
    assertThat(options.adminPort()).isEqualTo(8001);
    assertThat(options.targets())
        .containsExactly(
            Map.entry("1", URI.create("http://127.0.0.1:81")),
            Map.entry("2", URI.create("http://localhost:82/")));
    assertThat(options.split().weights()).containsEntry("1", 0.8).containsEntry("2", 0.2);
    assertThat(options.spread()).isEqualTo(Spread.Kind.SMOOTH);
    assertThat(options.secret()).isEqualTo("hush");
    assertThat(options.host()).isEqualTo("127.0.0.2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--verbose yes                              | --verbose: unknown option",
        "--port                                     | --port: has no value",
        "--port 70000                               | --port: 70000 (expected: 0 to 65535)",
        "--admin-port x                             | --admin-port: x (expected: 0 to 65535)",
        "--target 3=https://127.0.0.1:1             | --target: 3=https://127.0.0.1:1 (expected",
        "--target 3=http://127.0.0.1:1/path         | without a path",
        "--target http://127.0.0.1:1                | --target: http://127.0.0.1:1 (expected",
        "--weights 1=0.8                            | weights: add up to 0.8 (expected: 1)",
        "--weights 1:0.8                            | --weights: 1:0.8 (expected",
        "--spread fair                              | --spread: fair (expected: random or smooth)",
        "--secret-env NOT_THERE                     | --secret-env: NOT_THERE is not set",
      })
  void wrongOption_isRefusedWithTheReason(String option, String reason) {
    assertThatThrownBy(() -> parse(GOOD + " " + option))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void missingOption_isNamed() {
    assertThatThrownBy(() -> parse("--port 0 --admin-port 0 --weights 1=1"))
        .hasMessageStartingWith("--target: missing");
    assertThatThrownBy(() -> parse("--port 0 --target 1=http://h:1 --weights 1=1"))
        .hasMessageStartingWith("--admin-port: missing");
  }

  private static RouterOptions parse(String line) {
    return RouterOptions.parse(line.split(" +"), Map.of("KEY", "hush"));
  }
}
