package io.breakwater.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.collector.reference.ReferenceFile;
import io.breakwater.engine.reference.ReferenceSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceCommandTest {
  @TempDir Path folder;
  private Path data = Path.of("");
  private Path output = Path.of("");

  @BeforeEach
  void write() throws Exception {
    SplittableRandom random = new SplittableRandom(5);
    StringBuilder text = new StringBuilder("age,city,p\n");
    for (int i = 0; i < 4_000; i++) {
      text.append(20 + random.nextInt(40)).append(i % 3 == 0 ? ",Ulm," : ",Bonn,");
      text.append(random.nextInt(100) / 100.0).append('\n');
    }
    data = Files.writeString(folder.resolve("credit.csv"), text);
    output = folder.resolve("credit-reference.json");
  }

  @Test
  void build_writesAFileAndSaysWhatIsInIt() throws Exception {
    Run run = build("--columns", "score=p", "--rows", "0:3500", "--model", "credit");

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    ReferenceSet set = ReferenceFile.read(output);
    assertThat(set.signals()).containsOnlyKeys("score", "feature:age", "category:city");
    assertThat(run.out())
        .contains("SIGNAL", "DISPERSION", "category:city  3,500  0        35")
        .contains("credit.csv, rows 0 to 3499; digest sha256:" + set.digest());
    assertThat(Files.readString(output)).contains("\"model\" : \"credit\"");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactlyInAnyOrder(data, output);
    }
  }

  @Test
  void build_replacesTheFileOnlyWhenItWorked() throws Exception {
    Files.writeString(output, "old");

    assertThat(build("--rows", "0:200").status()).isEqualTo(ExitCode.USAGE);
    assertThat(Files.readString(output)).isEqualTo("old");
    assertThat(build().status()).isZero();
    assertThat(Files.readString(output)).contains("breakwater-reference");
  }

  @Test
  void nonsense_isRefusedInWords() {
    assertRefused(build("--rows", "5"), "--rows: 5 (expected: A:B, for example 0:10000");
    assertRefused(build("--rows", "0:200"), "rows 0:200 are 200 rows (expected: at least 1000)");
    assertRefused(build("--rows-per-pane", "0"), "--rows-per-pane: 0 (expected: at least 1)");
    assertRefused(build("--columns", "agee"), "has no column \"agee\" (nearest: age");
    assertRefused(
        Run.of("reference", "build", data.toString(), "-o", data.toString()),
        "credit.csv is the data itself (expected: another file)");
    assertRefused(
        Run.of("reference", "build", data.toString(), "-o", folder + "/no/such.json"),
        "such.json: cannot be written");
    assertRefused(Run.of("reference"), "No verb given: reference build DATA -o FILE");
  }

  private static void assertRefused(Run run, String message) {
    assertThat(run.status()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(message);
  }

  private Run build(String... more) {
    String[] words = {"reference", "build", data.toString(), "-o", output.toString()};
    return Run.of(Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new));
  }
}
