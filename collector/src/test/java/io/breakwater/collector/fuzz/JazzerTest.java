package io.breakwater.collector.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The long run led by coverage: profile {@code jazzer}, {@code fuzz.jazzer} seconds for every
 * reader, or for {@code fuzz.target} alone, see {@code docs/fuzzing.md}.
 */
@EnabledIfSystemProperty(named = "fuzz.jazzer", matches = "\\d+", disabledReason = "a long run")
class JazzerTest {
  @TempDir Path folder;

  static List<String> names() {
    return LongFuzzTest.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void anyInput_isTakenOrRefusedAsDeclared(String name) throws Exception {
    FuzzTarget target = Targets.named(name);
    Path corpus = Files.createDirectory(folder.resolve("corpus"));
    for (byte[] seed : target.seeds()) {
      Files.write(Files.createTempFile(corpus, "seed", ""), seed);
    }
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-Xmx1g",
            "-Dfuzz.target=" + name,
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + JazzerEntry.class.getName(),
            "--instrumentation_includes=io.breakwater.**",
            "--reproducer_path=" + folder,
            "-dict=" + words(target),
            "-max_total_time=" + Long.getLong("fuzz.jazzer"),
            "-max_len=65536",
            "-print_final_stats=1",
            "-artifact_prefix=" + Files.createDirectories(Path.of("target", "fuzz")) + "/",
            corpus.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> last = last(process);

    last.forEach(line -> System.out.println("fuzzed " + name + " by Jazzer: " + line));
    assertThat(process.waitFor()).as(String.join("\n", last)).isZero();
  }

  /** What is worth keeping of the output. */
  private static List<String> last(Process process) throws IOException {
    List<String> lines = new ArrayList<>();
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("stat::") || line.startsWith("Done") || line.contains("cov:")) {
          lines.removeIf(other -> other.contains("cov:") && lines.size() > 3);
          lines.add(line);
        } else if (line.startsWith("==") || line.startsWith("\tat io.breakwater")) {
          lines.add(line);
        }
      }
    }
    return lines.subList(Math.max(0, lines.size() - 60), lines.size());
  }

  private Path words(FuzzTarget target) throws IOException {
    StringBuilder dictionary = new StringBuilder();
    for (String word : target.words()) {
      dictionary.append('"');
      for (byte one : word.getBytes(StandardCharsets.UTF_8)) {
        dictionary.append(String.format("\\x%02x", one & 0xff));
      }
      dictionary.append("\"\n");
    }
    return Files.writeString(folder.resolve("words"), dictionary);
  }
}
