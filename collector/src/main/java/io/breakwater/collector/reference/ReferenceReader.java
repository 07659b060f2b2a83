package io.breakwater.collector.reference;

import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.engine.Doubles;
import io.breakwater.engine.reference.Dispersions;
import io.breakwater.engine.reference.Reference;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.HistogramSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the signals of a reference file, versions 1 and 2; nothing in it is believed. */
final class ReferenceReader {
  private static final Set<String> SIGNAL_KEYS =
      keys("kind", "rows", "panes", "dispersion", "dispersions", "missing");
  private static final Set<String> DISPERSIONS_KEYS = keys("deciles", "names", "missing", "ranks");
  private static final Set<String> NUMBERS_KEYS =
      plus(SIGNAL_KEYS, "histograms", "outside", "complement");
  private static final Set<String> NAMES_KEYS = plus(SIGNAL_KEYS, "counts");
  private static final Set<String> SKETCH_KEYS = keys("histograms", "outside");
  private static final Set<String> HISTOGRAM_KEYS =
      keys("scale", "zeroThreshold", "zeroCount", "sum", "min", "max", "positive", "negative");
  private static final Set<String> SIDE_KEYS = keys("offset", "counts");
  private static final Set<String> OUTSIDE_KEYS = keys("side", "bound", "count");

  private static final Pattern NUMBERS = Pattern.compile("score|score:.+|feature:.+");
  private static final Pattern NAMES = Pattern.compile("class|category:.+");

  private static final int MAX_BUCKETS = 1 << 20;
  private static final int MAX_PARTS = BucketIndex.MAX_SCALE - BucketIndex.MIN_SCALE + 1;
  private static final int MAX_OUTSIDE = 1_000;

  private ReferenceReader() {}

  private static Set<String> keys(String... names) {
    return new TreeSet<>(Set.of(names));
  }

  private static Set<String> plus(Set<String> keys, String... names) {
    Set<String> all = keys(names);
    all.addAll(keys);
    return all;
  }

  /**
   * The references.
   *
   * @param places whether each must state its dispersions by place
   */
  static Map<String, Reference> signals(JsonPlace signals, boolean places)
      throws ReferenceFormatException {
    Map<String, Reference> references = new TreeMap<>();
    for (Map.Entry<String, JsonPlace> signal : signals.members().entrySet()) {
      references.put(signal.getKey(), reference(signal.getKey(), signal.getValue(), places));
    }
    if (references.isEmpty()) {
      throw signals.wrong("no signal (expected: at least one)");
    }
    return references;
  }

  private static Reference reference(String signal, JsonPlace place, boolean places)
      throws ReferenceFormatException {
    boolean numbers = NUMBERS.matcher(signal).matches();
    if (!numbers && !NAMES.matcher(signal).matches()) {
      throw place.wrong(
          "unknown signal (expected: score, score:OUTPUT, class, feature:NAME or category:NAME)");
    }
    place.object(numbers ? NUMBERS_KEYS : NAMES_KEYS);
    String kind = numbers ? ReferenceWriter.NUMBERS : ReferenceWriter.NAMES;
    JsonPlace kindPlace = place.required("kind");
    if (!kindPlace.text().equals(kind)) {
      throw kindPlace.wrong(kindPlace.text() + " (expected: " + kind + ", for " + signal + ")");
    }
    long missing = place.required("missing").count();
    Distribution values = numbers ? numbers(place, missing) : names(place, missing);
    requireRows(place.required("rows"), values.rows());
    long panes = place.required("panes").count();
    JsonPlace greatest = place.required("dispersion");
    double dispersion = dispersion(greatest);
    if (!places) {
      return new Reference(values, panes, dispersion);
    }
    Dispersions dispersions = dispersions(place.required("dispersions"));
    if (dispersions.greatest() != dispersion) {
      throw greatest.wrong(
          dispersion + " (expected: " + dispersions.greatest() + ", the greatest dispersion)");
    }
    return new Reference(values, panes, dispersion, dispersions);
  }

  private static void requireRows(JsonPlace rows, long counted) throws ReferenceFormatException {
    if (rows.count() != counted) {
      throw rows.wrong(
          rows.count() + " (expected: " + counted + ", the sum of the counts and the missing)");
    }
  }

  private static Dispersions dispersions(JsonPlace place) throws ReferenceFormatException {
    place.object(DISPERSIONS_KEYS);
    double[] deciles = {};
    JsonPlace decilesPlace = place.optional("deciles");
    if (decilesPlace != null) {
      List<JsonPlace> items = decilesPlace.items(Dispersions.BANDS);
      if (items.size() != Dispersions.BANDS) {
        throw decilesPlace.wrong(items.size() + " numbers (expected: " + Dispersions.BANDS + ")");
      }
      deciles = new double[Dispersions.BANDS];
      for (int band = 0; band < deciles.length; band++) {
        deciles[band] = dispersion(items.get(band));
      }
    }
    Map<String, Double> names = new TreeMap<>();
    JsonPlace namesPlace = place.optional("names");
    if (namesPlace != null) {
      for (Map.Entry<String, JsonPlace> name : namesPlace.members().entrySet()) {
        names.put(name.getKey(), dispersion(name.getValue()));
      }
    }
    return new Dispersions(
        Doubles.of(deciles),
        names,
        dispersion(place.required("missing")),
        dispersion(place.required("ranks")));
  }

  private static double dispersion(JsonPlace place) throws ReferenceFormatException {
    double dispersion = place.finite();
    if (!(dispersion >= 1)) {
      throw place.wrong(dispersion + " (expected: at least 1)");
    }
    return dispersion;
  }

  private static Distribution names(JsonPlace place, long missing) throws ReferenceFormatException {
    Map<String, Long> counts = new TreeMap<>();
    long rows = missing;
    for (Map.Entry<String, JsonPlace> one : place.required("counts").members().entrySet()) {
      long count = one.getValue().count();
      rows = sum(place, rows, count);
      counts.put(one.getKey(), count);
    }
    return new Distribution.Names(counts, missing);
  }

  private static Distribution numbers(JsonPlace place, long missing)
      throws ReferenceFormatException {
    Sketch values = sketch(place, missing);
    JsonPlace complementPlace = place.optional("complement");
    if (complementPlace == null) {
      return new Distribution.Numbers(values, null, missing);
    }
    Sketch complement = sketch(complementPlace.object(SKETCH_KEYS), missing);
    if (complement.count() > values.count()) {
      throw complementPlace.wrong(
          complement.count() + " values (expected: at most " + values.count() + ", as scores)");
    }
    return new Distribution.Numbers(values, complement, missing);
  }

  private static Sketch sketch(JsonPlace place, long missing) throws ReferenceFormatException {
    List<HistogramSnapshot> parts = new ArrayList<>();
    long rows = missing;
    for (JsonPlace one : place.required("histograms").items(MAX_PARTS)) {
      HistogramSnapshot part = histogram(one.object(HISTOGRAM_KEYS));
      if (!parts.isEmpty() && part.scale() >= parts.get(parts.size() - 1).scale()) {
        throw one.wrong("scale " + part.scale() + " (expected: below that of the one before)");
      }
      rows = sum(place, rows, part.count());
      parts.add(part);
    }
    List<Outside> outside = new ArrayList<>();
    JsonPlace outsidePlace = place.optional("outside");
    if (outsidePlace != null) {
      for (JsonPlace one : outsidePlace.items(MAX_OUTSIDE)) {
        Outside values = outside(one.object(OUTSIDE_KEYS));
        rows = sum(place, rows, values.count());
        outside.add(values);
      }
    }
    return new Sketch(parts, outside);
  }

  private static long sum(JsonPlace place, long rows, long more) throws ReferenceFormatException {
    if (more > JsonPlace.MAX_COUNT - rows) {
      throw place.wrong("over 2^53 rows (expected: fewer)");
    }
    return rows + more;
  }

  private static HistogramSnapshot histogram(JsonPlace place) throws ReferenceFormatException {
    try {
      return HistogramSnapshot.of(
          place.required("scale").whole(BucketIndex.MIN_SCALE, BucketIndex.MAX_SCALE),
          place.required("zeroThreshold").finite(),
          place.required("zeroCount").count(),
          number(place.optional("sum")),
          number(place.optional("min")),
          number(place.optional("max")),
          side(place.optional("positive")),
          side(place.optional("negative")));
    } catch (IllegalArgumentException e) {
      throw place.wrong(String.valueOf(e.getMessage()));
    }
  }

  private static double number(@Nullable JsonPlace place) throws ReferenceFormatException {
    return place == null ? Double.NaN : place.finite();
  }

  private static BucketCounts side(@Nullable JsonPlace place) throws ReferenceFormatException {
    if (place == null) {
      return BucketCounts.EMPTY;
    }
    place.object(SIDE_KEYS);
    int offset = place.required("offset").whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
    return BucketCounts.of(offset, place.required("counts").counts(MAX_BUCKETS));
  }

  private static Outside outside(JsonPlace place) throws ReferenceFormatException {
    JsonPlace side = place.required("side");
    boolean low = side.text().equals(ReferenceWriter.LOW);
    if (!low && !side.text().equals(ReferenceWriter.HIGH)) {
      throw side.wrong(side.text() + " (expected: low or high)");
    }
    return new Outside(
        low, place.required("bound").finiteOrBelowAll(), place.required("count").count());
  }
}
