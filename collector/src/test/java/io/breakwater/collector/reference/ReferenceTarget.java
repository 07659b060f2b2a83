package io.breakwater.collector.reference;

import static io.breakwater.collector.fuzz.FuzzTarget.check;

import io.breakwater.collector.fuzz.FuzzTarget;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceSet;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reference files: {@link ReferenceFormatException} that begins with the source, or a set that
 * survives being written. The digest is made right where the signals are JSON, so that inputs get
 * past it.
 */
public final class ReferenceTarget implements FuzzTarget {
  private static final String DIGEST = "DIGEST";
  private static final Pattern NAMED = Pattern.compile("\\(expected: (sha256:[0-9a-f]{64})");

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public List<byte[]> seeds() {
    Map<String, Reference> signals = new TreeMap<>();
    signals.put(
        "category:city", new Reference(new Names(Map.of("Ulm", 900L, "Bonn", 600L), 12), 40, 1.5));
    ReferenceSet names = ReferenceFile.set("fuzz", signals);
    return List.of(open(ReferenceFile.write("credit", names)), numbers());
  }

  private static byte[] open(byte[] file) {
    return new String(file, StandardCharsets.UTF_8)
        .replaceFirst("sha256:[0-9a-f]{64}", DIGEST)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] numbers() {
    try {
      java.nio.file.Path folder = java.nio.file.Files.createTempDirectory("fuzz");
      java.nio.file.Path data = folder.resolve("d.csv");
      StringBuilder text = new StringBuilder("age,p\n");
      for (int i = 0; i < 3_000; i++) {
        text.append(20 + i % 40).append(',').append(i % 100 / 100.0).append('\n');
      }
      java.nio.file.Files.writeString(data, text);
      var columns = io.breakwater.collector.csv.SignalColumns.of(data, "score=p", rows -> {});
      ReferenceSet set =
          ReferenceBuilder.build(
              "fuzz",
              data,
              columns,
              new io.breakwater.collector.csv.RowRange(0, 3_000),
              100,
              rows -> {});
      java.nio.file.Files.delete(data);
      java.nio.file.Files.delete(folder);
      return open(ReferenceFile.write(null, set));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public List<String> words() {
    return List.of(
        "\"signals\"",
        "\"digest\"",
        "\"version\"",
        "\"format\"",
        "\"rows\"",
        "\"missing\"",
        "null",
        "{}",
        "[]",
        "true",
        "\"names\"",
        "\"panes\"",
        "\"dispersion\"",
        ",",
        ":",
        "\"\\ud800\"");
  }

  @Override
  public String run(byte[] input) throws Exception {
    byte[] file = withDigest(input);
    ReferenceSet set;
    try {
      set = ReferenceFile.parse("fuzz", file);
    } catch (ReferenceFormatException e) {
      String message = String.valueOf(e.getMessage());
      check(message.startsWith("fuzz"), "a message without the source: " + message);
      return FuzzTarget.way(message);
    }
    ReferenceSet again = ReferenceFile.parse("fuzz", ReferenceFile.write("m", set));
    check(again.signals().keySet().equals(set.signals().keySet()), "other signals: " + again);
    byte[] one = ReferenceFile.write("m", set);
    check(java.util.Arrays.equals(one, ReferenceFile.write("m", again)), "written otherwise");
    return "ok " + set.signals().size();
  }

  /** The input with the digest that its signals have: the refusal of another one names it. */
  private static byte[] withDigest(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    if (!text.contains(DIGEST)) {
      return input;
    }
    try {
      String none = text.replace(DIGEST, "sha256:" + "0".repeat(64));
      ReferenceSet unused = ReferenceFile.parse("fuzz", none.getBytes(StandardCharsets.UTF_8));
    } catch (ReferenceFormatException e) {
      Matcher named = NAMED.matcher(String.valueOf(e.getMessage()));
      if (named.find()) {
        return text.replace(DIGEST, named.group(1)).getBytes(StandardCharsets.UTF_8);
      }
    }
    return input;
  }
}
