package io.breakwater.engine.detect;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.engine.Doubles;
import io.breakwater.engine.reference.Dispersions;
import io.breakwater.engine.reference.Reference;
import io.breakwater.signals.HistogramSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a drift detector compares with a reference, and how much either side of each edge may hold;
 * immutable, and shared by all states of the detector.
 *
 * <p>An edge has two sides: 0 for rows that answer yes (at most the edge, of the class), 1 for the
 * others. Side {@code s} of edge {@code j} has the number {@code 2 j + s}.
 *
 * <p>The highest healthy share of a side is its share of the reference, plus what an estimate from
 * the reference's rows may be wrong by, plus the tolerance. For numbers that is {@code sqrt(ln(2 /
 * 0.01) / (2 N))} for all edges together (Dvoretzky, Kiefer, Wolfowitz; Massart's constant), {@code
 * N} the number of reference rows over the greatest of their dispersions; for classes and missing
 * values the greatest {@code m} with {@code N KL(share, m) <= ln(2 B / 0.01)} (Chernoff), B bins,
 * over their own dispersion.
 *
 * @param scale coarsest scale of buckets whose bounds these are; meaningless for names
 * @param edges none while there is no reference; those on numbers come first, by their place
 * @param bounds highest healthy share per side; 1 where the side is not watched
 * @param gains per side and alternative: {@code ln(p / m)} over the edge's dispersion
 * @param ranks for ranks that went up and for ranks that went down, per alternative and rank:
 *     {@code ln(1 + l (rank - m))} over the dispersion; empty where no ranks are watched. The rank
 *     of a number is the share of edges below it; {@code m} is its mean over the reference, plus
 *     what that may be wrong by (99 %, normal), plus the tolerance; {@code l = d (1 - m) /
 *     variance}
 * @param dispersions of the reference, by edge
 * @param heaviest share of the reference in the fullest bucket of this scale; 0 for names
 * @param objection why values cannot be compared at any edge, or null
 */
public record Edges(
    int scale,
    List<Edge> edges,
    Doubles bounds,
    Doubles gains,
    Doubles ranks,
    Doubles dispersions,
    double heaviest,
    @Nullable String objection) {
  /** Alternatives: by which part of the room above the bound a share grows. */
  static final double[] STEPS = {0.02, 0.05, 0.1, 0.2, 0.5};

  private static final double DOUBT = 0.01;
  private static final double LEAST_CLASS = 0.01;
  private static final int MAX_NAMES = 64;
  private static final double TOO_HEAVY = 0.5;

  /** The 99.5 % quantile of the normal distribution. */
  private static final double Z = 2.5758293035489004;

  private static final int MIN_RANKS = 3;
  private static final double LEAST_VARIANCE = 0.01;
  private static final double MOST_BET = 0.9;

  public Edges {
    edges = List.copyOf(edges);
    requireNonNull(bounds, "bounds");
    requireNonNull(gains, "gains");
    requireNonNull(ranks, "ranks");
    requireNonNull(dispersions, "dispersions");
  }

  /**
   * Edges for comparing a stream with a reference.
   *
   * @param look what the stream looks like: edges lie on bounds that both have
   * @param tolerance by how much a share may be above the reference's without being drift, 0..1
   */
  public static Edges of(Reference reference, Distribution look, double tolerance) {
    List<Edge> edges = new ArrayList<>();
    int scale = 0;
    double heaviest = 0;
    String objection = null;
    if (reference.values() instanceof Numbers numbers && look instanceof Numbers now) {
      scale = Math.min(numbers.values().typicalScale(), now.values().typicalScale());
      boolean both = numbers.complement() != null && now.complement() != null;
      Sketch complement = both ? requireNonNull(numbers.complement()) : Sketch.EMPTY;
      int other = both ? complementScale(numbers, now) : scale;
      addNumbers(edges, numbers.values(), scale, complement, other);
      scale = Math.min(scale, other);
      heaviest = EdgePicker.heaviest(numbers.values(), scale);
      objection = objection(numbers.values().bounds(), now.values().bounds(), heaviest);
    } else if (reference.values() instanceof Names names) {
      addNames(edges, names);
    }
    long rows = reference.values().rows();
    edges.add(Edge.missing(share(reference.values().missing(), rows)));
    return of(scale, edges, reference, tolerance, heaviest).objectingTo(objection);
  }

  private Edges objectingTo(@Nullable String newObjection) {
    return new Edges(scale, edges, bounds, gains, ranks, dispersions, heaviest, newObjection);
  }

  /** Why rounded values cannot be compared, or null. */
  private static @Nullable String objection(long reference, long now, double heaviest) {
    if (reference == 0 && now == 0) {
      return null;
    }
    if (reference != now || now == HistogramSnapshot.MIXED_BOUNDS) {
      return "values come in explicit buckets, with other bounds than those of the reference";
    }
    return heaviest <= TOO_HEAVY
        ? null
        : "buckets too coarse: "
            + Math.round(100 * heaviest)
            + " % of the reference lie between two bounds of explicit buckets";
  }

  private static int complementScale(Numbers reference, Numbers now) {
    return Math.min(
        requireNonNull(reference.complement()).typicalScale(),
        requireNonNull(now.complement()).typicalScale());
  }

  private static void addNumbers(
      List<Edge> edges, Sketch values, int scale, Sketch complement, int other) {
    double count = values.count();
    double others = complement.count();
    double[][] picked =
        others > 0
            ? EdgePicker.pick(values, scale, complement, other)
            : new double[][] {EdgePicker.pick(values, scale), {}};
    for (double at : picked[0]) {
      edges.add(Edge.value(at, values.countAtOrBelow(at).lower() / count));
    }
    for (double at : picked[1]) {
      edges.add(Edge.complement(at, 1 - complement.countAtOrBelow(at).lower() / others));
    }
    edges.sort(Comparator.comparingDouble(Edges::place));
  }

  private static double place(Edge edge) {
    return edge.kind() == Edge.Kind.COMPLEMENT ? 1 - edge.at() : edge.at();
  }

  private static void addNames(List<Edge> edges, Names names) {
    long count = names.rows() - names.missing();
    List<Map.Entry<String, Long>> common =
        names.counts().entrySet().stream()
            .filter(entry -> entry.getValue() >= LEAST_CLASS * count && entry.getValue() > 0)
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(MAX_NAMES)
            .sorted(Map.Entry.comparingByKey())
            .toList();
    long named = 0;
    for (Map.Entry<String, Long> entry : common) {
      named += entry.getValue();
      edges.add(Edge.name(entry.getKey(), share(entry.getValue(), count)));
    }
    edges.add(Edge.other(share(count - named, count)));
  }

  private static double share(long part, long all) {
    return all == 0 ? 0 : (double) part / all;
  }

  private static Edges of(
      int scale, List<Edge> edges, Reference reference, double tolerance, double heaviest) {
    Distribution values = reference.values();
    Dispersions known = requireNonNull(reference.dispersions());
    double present = values.rows() - values.missing();
    double greatest = known.greatest();
    double wrongBy = Math.sqrt(Math.log(2 / DOUBT) * greatest / (2 * Math.max(1, present)));
    long bins = edges.stream().filter(edge -> !isNumber(edge)).count();
    double doubt = Math.log(2 * bins / DOUBT);
    double[] dispersions = edges.stream().mapToDouble(edge -> dispersion(edge, known)).toArray();
    double[] bounds = new double[2 * edges.size()];
    double[] gains = new double[bounds.length * STEPS.length];
    for (int side = 0; side < bounds.length; side++) {
      Edge edge = edges.get(side / 2);
      double dispersion = dispersions[side / 2];
      double share = side % 2 == 0 ? edge.share() : 1 - edge.share();
      double of = edge.kind() == Edge.Kind.MISSING ? values.rows() : present;
      double most =
          isNumber(edge) ? share + wrongBy : chernoff(share, doubt * dispersion / Math.max(1, of));
      double m = Math.min(1, most + tolerance);
      bounds[side] = m;
      for (int i = 0; i < STEPS.length; i++) {
        gains[side * STEPS.length + i] = Math.log1p(STEPS[i] * (1 - m) / m) / dispersion;
      }
    }
    return new Edges(
        scale,
        edges,
        Doubles.of(bounds),
        Doubles.of(gains),
        ranks(edges, Math.max(1, present / greatest), tolerance, greatest),
        Doubles.of(dispersions),
        heaviest,
        null);
  }

  private static double dispersion(Edge edge, Dispersions known) {
    return switch (edge.kind()) {
      case VALUE, COMPLEMENT -> known.upTo(edge.share());
      case NAME -> known.of(edge.name());
      case OTHER -> known.greatest();
      case MISSING -> known.missing();
    };
  }

  /** Ranks of numbers: up first, then down, which is one less the rank. */
  private static Doubles ranks(List<Edge> all, double rows, double tolerance, double dispersion) {
    double[] shares = all.stream().filter(Edges::isNumber).mapToDouble(Edge::share).toArray();
    int size = shares.length;
    if (size < MIN_RANKS) {
      return Doubles.EMPTY;
    }
    double mean = 0;
    double square = 0;
    for (int j = 0; j < size; j++) {
      mean += (1 - shares[j]) / size;
      square += (1 - shares[j]) * (2 * j + 1) / (size * size);
    }
    double variance = square - mean * mean;
    double wrongBy = Z * Math.sqrt((variance + 1 / rows) / rows);
    double[] gains = new double[2 * STEPS.length * (size + 1)];
    int at = 0;
    for (double healthy : new double[] {mean, 1 - mean}) {
      double m = healthy + wrongBy + tolerance;
      if (m >= 1) {
        return Doubles.EMPTY;
      }
      for (double step : STEPS) {
        double bet = Math.min(step * (1 - m) / Math.max(variance, LEAST_VARIANCE), MOST_BET / m);
        for (int rank = 0; rank <= size; rank++) {
          gains[at++] = Math.log1p(bet * ((double) rank / size - m)) / dispersion;
        }
      }
    }
    return Doubles.of(gains);
  }

  /** Edges that ranks are counted by; 0 where they are not watched. */
  int rankEdges() {
    return ranks.size() / (2 * STEPS.length) - (ranks.size() == 0 ? 0 : 1);
  }

  private static boolean isNumber(Edge edge) {
    return edge.kind() == Edge.Kind.VALUE || edge.kind() == Edge.Kind.COMPLEMENT;
  }

  /** The greatest m with {@code KL(share, m) <= bound}. */
  static double chernoff(double share, double bound) {
    double low = share;
    double high = 1;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (divergence(share, middle) <= bound) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double divergence(double p, double q) {
    double yes = p == 0 ? 0 : p * Math.log(p / q);
    double no = p == 1 ? 0 : (1 - p) * Math.log((1 - p) / (1 - q));
    return yes + no;
  }

  /** Sides: two an edge. */
  public int sides() {
    return bounds.size();
  }

  boolean isWatched(int side) {
    return bounds.get(side) < 1;
  }

  /** Whether any side is. */
  boolean isWatched() {
    for (int side = 0; side < sides(); side++) {
      if (isWatched(side)) {
        return true;
      }
    }
    return false;
  }

  int watchedSides() {
    int watched = 0;
    for (int side = 0; side < sides(); side++) {
      watched += isWatched(side) ? 1 : 0;
    }
    return watched;
  }

  /** Whether complements are counted. */
  boolean hasComplement() {
    for (Edge edge : edges) {
      if (edge.kind() == Edge.Kind.COMPLEMENT) {
        return true;
      }
    }
    return false;
  }

  /** Why nothing can be told at these edges, in words; empty when it can. */
  String tooCoarse() {
    if (objection != null) {
      return objection;
    }
    if (heaviest <= TOO_HEAVY || scale >= 0) {
      return "";
    }
    return "buckets too coarse: "
        + Math.round(100 * heaviest)
        + " % of the reference lie in one bucket, whose ends differ by a factor of "
        + Math.round(Math.scalb(1, 1 << -scale));
  }
}
