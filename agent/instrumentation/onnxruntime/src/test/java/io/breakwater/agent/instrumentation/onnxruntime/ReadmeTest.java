package io.breakwater.agent.instrumentation.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.core.record.Drops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  @Test
  void reasons_areThoseOfTheCode() throws IOException {
    List<String> rows = new ArrayList<>();
    boolean reasons = false;
    for (String line : Files.readAllLines(Path.of("README.md"))) {
      reasons |= line.startsWith("| reason |");
      if (reasons && line.startsWith("| `")) {
        rows.add(line.substring(3, line.indexOf('`', 3)));
      }
    }
    List<String> known = new ArrayList<>();
    for (Drops.Reason reason : Drops.Reason.values()) {
      known.add(reason.label());
    }
    assertThat(rows).isEqualTo(known);
  }
}
