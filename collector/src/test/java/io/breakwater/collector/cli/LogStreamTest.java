package io.breakwater.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogStreamTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final LogStream log = new LogStream(bytes);

  @Test
  void aLine_staysOne() {
    log.println("WARN model a\nERROR b\r\u001b[1A\u0085\u2028c\td \u202e\u200f\u061cgood");

    assertThat(printed()).containsExactly("WARN model a?ERROR b??[1A??c\td ???good");
  }

  @Test
  void anException_hasItsFramesAndNoFurtherLine() {
    new IllegalStateException("a\nERROR forged", new RuntimeException("b\n\tat c"))
        .printStackTrace(log);

    assertThat(printed())
        .contains(
            "java.lang.IllegalStateException: a?ERROR forged",
            "Caused by: java.lang.RuntimeException: b?\tat c")
        .filteredOn(line -> line.contains("forged") || line.contains("at c"))
        .hasSize(2);
    assertThat(printed()).anyMatch(line -> line.startsWith("\tat io.breakwater"));
  }

  private List<String> printed() {
    return bytes.toString(Charset.defaultCharset()).lines().toList();
  }
}
