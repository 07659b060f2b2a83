package io.breakwater.engine.reference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.HistogramSnapshot;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What names the content of references: SHA-256 over one line a signal, in the order of their
 * names, numbers in their exact form. Where the references come from is not part of it.
 */
public final class ReferenceDigest {
  private ReferenceDigest() {}

  /** The digest in hex. */
  public static String of(Map<String, Reference> signals) {
    StringBuilder text = new StringBuilder("breakwater-references 2\n");
    new TreeMap<>(signals)
        .forEach(
            (signal, reference) -> {
              name(text, signal);
              text.append(' ').append(reference.panes()).append(' ');
              append(text, requireNonNull(reference.dispersions()));
              append(text, reference.values());
              text.append('\n');
            });
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(text.toString().getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void append(StringBuilder text, Dispersions dispersions) {
    for (int band = 0; band < dispersions.deciles().size(); band++) {
      number(text, dispersions.deciles().get(band));
    }
    dispersions
        .names()
        .forEach(
            (name, dispersion) -> {
              name(text, name);
              text.append('=');
              number(text, dispersion);
            });
    text.append("missing ");
    number(text, dispersions.missing());
    text.append("ranks ");
    number(text, dispersions.ranks());
  }

  private static void number(StringBuilder text, double number) {
    text.append(Double.toHexString(number)).append(' ');
  }

  private static void append(StringBuilder text, Distribution values) {
    text.append(values.missing());
    if (values instanceof Names names) {
      text.append(" names");
      names
          .counts()
          .forEach(
              (name, count) -> {
                text.append(' ');
                name(text, name);
                text.append('=').append(count);
              });
    } else if (values instanceof Numbers numbers) {
      text.append(" numbers");
      append(text, numbers.values());
      if (numbers.complement() != null) {
        text.append(" complement");
        append(text, numbers.complement());
      }
    }
  }

  /** The length goes first, so that no name can be mistaken for more than a name. */
  private static void name(StringBuilder text, String name) {
    text.append(name.length()).append(':').append(name);
  }

  private static void append(StringBuilder text, Sketch sketch) {
    for (HistogramSnapshot part : sketch.parts()) {
      text.append(" [").append(part.scale()).append(' ');
      text.append(Double.toHexString(part.zeroThreshold())).append(' ').append(part.zeroCount());
      text.append(' ');
      number(text, part.sum());
      number(text, part.min());
      number(text, part.max());
      append(text, part.positive());
      append(text, part.negative());
      if (part.bounds() != 0) {
        text.append(" bounds ").append(part.bounds());
      }
      text.append(']');
    }
    for (Outside one : sketch.outside()) {
      text.append(one.low() ? " low " : " high ");
      text.append(Double.toHexString(one.bound())).append(' ').append(one.count());
    }
  }

  private static void append(StringBuilder text, BucketCounts side) {
    text.append(' ').append(side.offset()).append(Arrays.toString(side.toArray()));
  }
}
