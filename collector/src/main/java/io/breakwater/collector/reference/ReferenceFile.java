package io.breakwater.collector.reference;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceDigest;
import io.breakwater.engine.reference.ReferenceSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.erdtman.jcs.JsonCanonicalizer;
import org.jspecify.annotations.Nullable;

/**
 * References as JSON that people can read, version 2:
 *
 * <pre>{@code
 * {"format": "breakwater-reference", "version": 2, "digest": "sha256:...",
 *  "model": "credit", "source": "credit.csv, rows 0 to 9999",
 *  "signals": {
 *    "feature:age": {"kind": "numbers", "rows": 10000, "panes": 100, "dispersion": 1.4,
 *      "dispersions": {"deciles": [1.1, 1.0, 1.2, ...], "missing": 1.4, "ranks": 1.4}, "missing": 3,
 *      "histograms": [{"scale": 6, "zeroThreshold": 0.0, "zeroCount": 0, "sum": 411223.0,
 *                      "positive": {"offset": 266, "counts": [1, 0, 4, ...]}}],
 *      "outside": [{"side": "high", "bound": 101.5, "count": 2}]},
 *    "class": {"kind": "names", ..., "dispersions": {"names": {"approve": 1.2, "refuse": 1.2}, ...},
 *      "counts": {"approve": 6100, "refuse": 3900}}}}
 * }</pre>
 *
 * <p>Bucket {@code offset + i} holds {@code counts[i]} values; see {@link
 * io.breakwater.signals.HistogramSnapshot}. A score may have a {@code complement} with histograms
 * and outside of its own. {@code dispersion} is the greatest of the {@link
 * io.breakwater.engine.reference.Dispersions}. The digest is the {@link ReferenceDigest} of the
 * signals, so the same content has the same digest wherever it comes from. Counts are at most 2^53.
 *
 * <p>Version 1, which is still read, has no {@code dispersions}: the dispersion holds everywhere.
 * Its digest is SHA-256 over the canonical JSON (RFC 8785) of {@code signals}.
 *
 * <p>A file is input like any other: at most {@value #MAX_BYTES} bytes, and nothing in it is
 * believed. Stateless and safe for use by many threads.
 */
public final class ReferenceFile {
  /** Bytes a file may have. */
  public static final int MAX_BYTES = 16 << 20;

  private static final String FORMAT = "breakwater-reference";
  private static final int VERSION = 2;
  private static final String DIGEST_PREFIX = "sha256:";
  private static final int MAX_DEPTH = 16;
  private static final Set<String> KEYS =
      new TreeSet<>(Set.of("format", "version", "digest", "model", "source", "signals"));

  private static final ObjectMapper MAPPER = mapper();

  private ReferenceFile() {}

  private static ObjectMapper mapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build());
    return mapper;
  }

  /**
   * Reads a file; the set's source is the file's name.
   *
   * @throws ReferenceFormatException when there is none, or it cannot be used
   */
  public static ReferenceSet read(Path file) throws ReferenceFormatException {
    try (InputStream in = Files.newInputStream(file)) {
      ReferenceSet set = parse(file.toString(), in.readNBytes(MAX_BYTES + 1));
      return new ReferenceSet(String.valueOf(file.getFileName()), set.digest(), set.signals());
    } catch (NoSuchFileException e) {
      throw new ReferenceFormatException(
          file + ": no such file (expected: one made by breakwater reference build)");
    } catch (IOException e) {
      throw new ReferenceFormatException(file + ": cannot be read: " + e);
    }
  }

  /**
   * Reads the content of a file.
   *
   * @param source where it comes from; becomes the set's source and begins every message
   * @throws ReferenceFormatException when it cannot be used
   */
  public static ReferenceSet parse(String source, byte[] content) throws ReferenceFormatException {
    JsonPlace file = new JsonPlace(source, "", tree(source, content));
    int version = version(file);
    file.object(KEYS);
    JsonPlace signals = file.required("signals");
    Map<String, Reference> references = ReferenceReader.signals(signals, version > 1);
    String digest = ReferenceDigest.of(references);
    String own = version > 1 ? digest : canonicalDigest(signals.node());
    JsonPlace stated = file.required("digest");
    if (!stated.text().equals(DIGEST_PREFIX + own)) {
      throw stated.wrong(
          stated.text()
              + " is not the digest of the signals: the file was changed or damaged (expected: "
              + DIGEST_PREFIX
              + own
              + "; build the reference again)");
    }
    return new ReferenceSet(source, digest, references);
  }

  private static JsonNode tree(String source, byte[] content) throws ReferenceFormatException {
    if (content.length > MAX_BYTES) {
      throw new ReferenceFormatException(
          source + ": over " + (MAX_BYTES >> 20) + " MiB (expected: less)");
    }
    try {
      return MAPPER.readTree(content);
    } catch (JsonProcessingException e) {
      String place =
          e.getLocation() == null
              ? ""
              : ":" + e.getLocation().getLineNr() + ":" + e.getLocation().getColumnNr();
      throw new ReferenceFormatException(
          source + place + ": not JSON: " + e.getOriginalMessage() + EXPECTED_FORMAT);
    } catch (IOException e) {
      throw new ReferenceFormatException(source + ": not JSON: " + e + EXPECTED_FORMAT);
    }
  }

  private static final String EXPECTED_FORMAT =
      " (expected: a file made by breakwater reference build)";

  private static int version(JsonPlace file) throws ReferenceFormatException {
    JsonNode format = file.node().path("format");
    if (!format.isTextual() || !format.textValue().equals(FORMAT)) {
      throw file.wrong("no reference: its \"format\" is not " + FORMAT + EXPECTED_FORMAT);
    }
    JsonPlace version = file.required("version");
    long number = version.whole(1, Integer.MAX_VALUE);
    if (number > VERSION) {
      throw version.wrong(
          number + " (expected: at most " + VERSION + "; a newer breakwater wrote this file)");
    }
    return (int) number;
  }

  /**
   * The content of a file. Of {@code set.digest()} nothing is taken: the file's digest is that of
   * its signals.
   *
   * @param model the model it is for, for people to read, or null
   * @throws IllegalArgumentException if a count exceeds 2^53 or no signal is given
   */
  public static byte[] write(@Nullable String model, ReferenceSet set) {
    ObjectNode signals = ReferenceWriter.signals(set.signals());
    ObjectNode file = MAPPER.createObjectNode().put("format", FORMAT).put("version", VERSION);
    file.put("digest", DIGEST_PREFIX + ReferenceDigest.of(set.signals()));
    if (model != null) {
      file.put("model", model);
    }
    file.put("source", set.source());
    file.set("signals", signals);
    try {
      byte[] content = MAPPER.writer(pretty()).writeValueAsBytes(file);
      byte[] lines = Arrays.copyOf(content, content.length + 1);
      lines[content.length] = '\n';
      parse("reference", lines);
      return lines;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    } catch (ReferenceFormatException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static DefaultPrettyPrinter pretty() {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    return printer;
  }

  /** A reference's dispersions by place, as they are in its file. */
  public static ObjectNode dispersions(Reference reference) {
    return ReferenceWriter.dispersions(requireNonNull(reference.dispersions()));
  }

  /** A set with the digest that its file will have. */
  public static ReferenceSet set(String source, Map<String, Reference> signals) {
    return new ReferenceSet(source, ReferenceDigest.of(signals), signals);
  }

  private static String canonicalDigest(JsonNode signals) {
    try {
      byte[] canonical = new JsonCanonicalizer(signals.toString()).getEncodedUTF8();
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
    } catch (IOException e) {
      throw new IllegalStateException("a JSON tree has a canonical form", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
