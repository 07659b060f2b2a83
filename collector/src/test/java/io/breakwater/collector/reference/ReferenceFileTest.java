package io.breakwater.collector.reference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.engine.Doubles;
import io.breakwater.engine.reference.Dispersions;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceDigest;
import io.breakwater.engine.reference.ReferenceSet;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.HistogramSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceFileTest {
  private static final String GOLDEN = "/golden/reference_v2.json";
  private static final String OLD = "/golden/reference_v1.json";

  @Test
  void goldenFile_isReadAsItWasMeant() throws Exception {
    ReferenceSet read = ReferenceFile.parse("golden", golden());

    assertThat(read.signals()).isEqualTo(signals());
    assertThat(read.digest()).isEqualTo(ReferenceDigest.of(signals()));
    assertThat(read.source()).isEqualTo("golden");
    assertThat(read.digest())
        .isEqualTo("dc82e3220aedb30df9b964aabfbbc5390253d890103555b0682a7dac1bdfaf2b");
  }

  @Test
  void goldenFileOfVersion1_isStillRead() throws Exception {
    ReferenceSet read = ReferenceFile.parse("old", resource(OLD));

    assertThat(read.signals()).isEqualTo(uniform());
    assertThat(read.digest()).isEqualTo(ReferenceDigest.of(uniform()));
    String damaged = new String(resource(OLD), UTF_8).replace("9999.5", "9999.25");
    assertThatThrownBy(() -> ReferenceFile.parse("old", damaged.getBytes(UTF_8)))
        .hasMessageContaining(" is not the digest of the signals: the file was changed");
  }

  @Test
  void writing_givesTheGoldenFile() throws Exception {
    byte[] written = ReferenceFile.write("credit", ReferenceFile.set("credit.csv", signals()));

    assertThat(new String(written, UTF_8)).isEqualTo(new String(golden(), UTF_8));
  }

  @Test
  void digest_isThatOfTheSignalsAlone() throws Exception {
    ReferenceSet one = ReferenceFile.set("here", signals());
    ReferenceSet other = ReferenceFile.set("there", signals());

    assertThat(one.digest()).isEqualTo(other.digest());
    assertThat(ReferenceFile.parse("x", ReferenceFile.write(null, one)).digest())
        .isEqualTo(one.digest());
  }

  @Test
  void layoutOfTheFile_doesNotMatter() throws Exception {
    String compact = new String(golden(), UTF_8).replaceAll("\\s*\\n\\s*", "");

    assertThat(ReferenceFile.parse("x", compact.getBytes(UTF_8)).signals()).isEqualTo(signals());
  }

  @Test
  void fileOnDisk_namesTheSet(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("credit-reference.json"), golden());

    assertThat(ReferenceFile.read(file).source()).isEqualTo("credit-reference.json");
    assertThatThrownBy(() -> ReferenceFile.read(folder.resolve("absent.json")))
        .isInstanceOf(ReferenceFormatException.class)
        .hasMessageContaining("absent.json: no such file (expected: one made by");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // what | instead of it | message
        "breakwater-reference | other | no reference: its \"format\" is not breakwater-reference",
        "\"version\" : 2 | \"version\" : 3 | version: 3 (expected: at most 2; a newer breakwater",
        "\"model\" | \"modle\" | unknown key \"modle\" (nearest known key: model)",
        "9999.5 | 9999.25 |  is not the digest of the signals: the file was",
        "\"scale\" : 4 | \"scale\" : 11 | histograms[0].scale: 11 (expected: a whole number from",
        "\"scale\" : 3 | \"scale\" : 4 | scale 4 (expected: below that of the one before)",
        "[ 1, 2, 3 ] | [ 1, -2, 3 ] | positive.counts[1]: -2 (expected: a whole number from 0",
        "[ 1, 2, 3 ] | [ 1, 2.5, 3 ] | positive.counts[1]: 2.5 (expected: a whole number from 0",
        "[ 1, 2, 3 ] | [ 1, 9007199254740992, 3 ] | over 2^53 rows (expected: fewer)",
        "[ 1, 2, 3 ] | [ 1, 99999999999999999999, 3 ] | (expected: a whole number from 0",
        "[ 1, 2, 3 ] | 7 | positive.counts: 7 (expected: a list of at most 1048576)",
        "\"offset\" : 12 | \"offset\" : 2000000000 | histograms[0]: buckets: 2000000000",
        "\"offset\" : 12 | \"offset\" : 3000000000 | offset: 3000000000 (expected: a whole",
        "\"rows\" : 24 | \"rows\" : 23 | .rows: 23 (expected: 24, the sum of the counts",
        "\"dispersion\" : 1.25 | \"dispersion\" : 0.5 | dispersion: 0.5 (expected: at least 1)",
        "\"dispersion\" : 1.25 | \"dispersion\" : 1.5 | dispersion: 1.5 (expected: 1.25, the",
        "1.125, 1.0625 | 1.125 | dispersions.deciles: 8 numbers (expected: 9)",
        "1.125, 1.0625 | 1.125, 0 | dispersions.deciles[1]: 0.0 (expected: at least 1)",
        "\"ranks\" : 1.25 | \"rank\" : 1.25 | unknown key \"rank\" (nearest known key: ranks)",
        "\"dispersion\" : 1.25 | \"dispersion\" : \"NaN\" | dispersion: \"NaN\" (expected: a"
            + " number)",
        "\"dispersion\" : 1.25 | \"dispersion\" : NaN | not JSON: Non-standard token 'NaN'",
        "\"dispersion\" : 1.25 | \"dispersion\" : 1e999 | (expected: a number)",
        "\"zeroThreshold\" : 0.5 | \"zeroThreshold\" : -0.5 | zeroThreshold: -0.5 (expected: >= 0",
        "\"side\" : \"low\" | \"side\" : \"left\" | outside[0].side: left (expected: low or high)",
        "\"-Infinity\" | \"Infinity\" | outside[0].bound: \"Infinity\" (expected: a number)",
        "feature:age | agefeature | signals[\"agefeature\"]: unknown signal (expected: score,",
        "\"kind\" : \"names\" | \"kind\" : \"numbers\" | kind: numbers (expected: names, for",
        "\"missing\" : 3 | \"lost\" : 3 | unknown key \"lost\"",
        "\"panes\" : 40, | `` | signals[\"feature:age\"]: has no \"panes\" (expected: one)",
        "\"panes\" : 40, | \"panes\" : 40, \"panes\" : 40, | not JSON: Duplicate field 'panes'",
      })
  void whatIsWrong_isNamedWithItsPlace(String what, String instead, String message)
      throws IOException {
    String golden = new String(golden(), UTF_8);
    assertThat(golden).contains(what);
    byte[] changed = golden.replace(what, instead).getBytes(UTF_8);

    assertThatThrownBy(() -> ReferenceFile.parse("credit.json", changed))
        .isInstanceOf(ReferenceFormatException.class)
        .hasMessageStartingWith("credit.json:")
        .hasMessageContaining(message);
  }

  @Test
  void deepAndBigAndForeignFiles_areRefused() {
    assertRefused("[".repeat(100_000), "nesting depth");
    assertRefused("", "no reference");
    assertRefused("null", "no reference");
    assertRefused("models:\n  - name: credit\n", "x:1:8: not JSON");
    assertRefused("{} {}", "not JSON");
    assertRefused(" ".repeat(ReferenceFile.MAX_BYTES + 1), "over 16 MiB (expected: less)");
    assertRefused(head("{}"), "signals: no signal (expected: at least one)");
    assertRefused(head("[]"), "signals: [] (expected: an object)");
    assertRefused(head("{\"score\": " + "[".repeat(15) + "]".repeat(15) + "}"), "nesting depth");
  }

  private static String head(String signals) {
    return "{\"format\":\"breakwater-reference\",\"version\":2,\"digest\":\"\",\"signals\":"
        + signals
        + "}";
  }

  private static void assertRefused(String content, String message) {
    assertThatThrownBy(() -> ReferenceFile.parse("x", content.getBytes(UTF_8)))
        .isInstanceOf(ReferenceFormatException.class)
        .hasMessageStartingWith("x:")
        .hasMessageContaining(message);
  }

  @Test
  void countsBeyondTheFormat_areNotWritten() {
    Names tooMany = new Names(Map.of("a", 1L << 54), 0);
    ReferenceSet set = new ReferenceSet("x", "", Map.of("class", new Reference(tooMany, 40, 1)));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReferenceFile.write(null, set))
        .withMessageContaining("(expected: a whole number from 0 to 9007199254740992)");
  }

  private static byte[] golden() throws IOException {
    return resource(GOLDEN);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ReferenceFileTest.class.getResourceAsStream(name)) {
      return in == null ? new byte[0] : in.readAllBytes();
    }
  }

  private static Map<String, Reference> signals() {
    Map<String, Reference> signals = new TreeMap<>(uniform());
    Dispersions ofAge =
        new Dispersions(
            Doubles.of(1.125, 1.0625, 1, 1, 1, 1, 1, 1.1875, 1.25), Map.of(), 1.25, 1.25);
    signals.computeIfPresent("feature:age", (name, old) -> with(old, ofAge));
    Dispersions ofClass =
        new Dispersions(
            Doubles.EMPTY, Map.of("approve", 2.25, "refuse \"no\" \u00e9", 2.5), 2, 2.5);
    signals.computeIfPresent("class", (name, old) -> with(old, ofClass));
    return signals;
  }

  private static Reference with(Reference old, Dispersions dispersions) {
    return Reference.of(old.values(), old.panes(), dispersions);
  }

  private static Map<String, Reference> uniform() {
    HistogramSnapshot fine =
        HistogramSnapshot.of(
            4,
            0.5,
            2,
            9999.5,
            Double.NaN,
            Double.NaN,
            BucketCounts.of(12, 1, 2, 3),
            BucketCounts.of(-3, 4));
    HistogramSnapshot coarse =
        HistogramSnapshot.of(3, 0, 0, 7.0, 3.25, 3.5, BucketCounts.of(13, 2), BucketCounts.EMPTY);
    Sketch age =
        new Sketch(
            List.of(fine, coarse),
            List.of(new Outside(true, Double.NEGATIVE_INFINITY, 3), new Outside(false, 1.5e9, 4)));
    HistogramSnapshot score =
        HistogramSnapshot.of(
            10,
            0,
            0,
            2.75,
            Double.NaN,
            Double.NaN,
            BucketCounts.of(-425, 2, 1),
            BucketCounts.EMPTY);
    HistogramSnapshot complement =
        HistogramSnapshot.of(
            9,
            0,
            0,
            0.25,
            Double.NaN,
            Double.NaN,
            BucketCounts.of(-1700, 2, 1),
            BucketCounts.EMPTY);
    return Map.of(
        "feature:age",
        new Reference(new Numbers(age, null, 3), 40, 1.25),
        "score",
        new Reference(
            new Numbers(
                new Sketch(List.of(score), List.of()),
                new Sketch(List.of(complement), List.of()),
                0),
            30,
            1),
        "class",
        new Reference(new Names(Map.of("approve", 6L, "refuse \"no\" \u00e9", 4L), 1), 31, 2.5));
  }
}
