package io.breakwater.backend.kit;

import io.breakwater.engine.backend.DeploymentBackend;
import io.breakwater.engine.backend.Plan;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.backend.Verification;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Takes version 2 out of 20 % of the traffic again and again while clients send on 8 kept
 * connections, and measures how long that takes to reach them. The target is to answer with {@code
 * X-Model-Version} and an empty body.
 */
public final class TripsUnderLoad {
  private static final int CONNECTIONS = 8;

  /**
   * One trip; milliseconds from the moment the backend was asked to describe the target.
   *
   * @param applied when {@code apply} had returned
   * @param verified when {@code verify} had returned CONVERGED
   * @param lastSent when the last request that version 2 answered was sent, may be negative
   * @param lastAnswer when version 2 answered last, may be negative
   */
  public record Trip(double applied, double verified, double lastSent, double lastAnswer) {}

  /** All trips, and what clients saw besides answers. */
  public record Outcome(List<Trip> trips, List<String> errors, long answered) {
    public Outcome {
      trips = List.copyOf(trips);
      errors = List.copyOf(errors);
    }

    /** Medians and maxima, one line each. */
    public String table() {
      return row("apply returned", trips, Trip::applied)
          + row("verified by read-back", trips, Trip::verified)
          + row("last request sent that version 2 answered", trips, Trip::lastSent)
          + row("last answer of version 2", trips, Trip::lastAnswer)
          + "%d trips, %d requests, client errors: %s%n".formatted(trips.size(), answered, errors);
    }
  }

  private TripsUnderLoad() {}

  /**
   * Trips a version and lets it back, one repetition after the other.
   *
   * @param backend of a target where version 1 has 0.8 and version 2 has 0.2 of the traffic
   * @param port where the target takes requests on the loopback interface
   */
  public static Outcome run(
      DeploymentBackend backend, int port, int repetitions, double requestsPerSecond)
      throws Exception {
    List<Trip> trips = new ArrayList<>();
    backend.describe(); // as the collector has when it trips
    try (Load load = new Load(port, CONNECTIONS, requestsPerSecond)) {
      for (int i = 0; i < repetitions; i++) {
        load.awaitAnswers(200);
        trips.add(trip(backend, load, i));
        shift(backend, 0.2, i + ".back");
      }
      return new Outcome(trips, load.errors, load.answered.get());
    }
  }

  private static Trip trip(DeploymentBackend backend, Load load, int i) throws Exception {
    long start = System.nanoTime();
    Plan plan = backend.plan(trafficShift(0, i + ".out"), backend.describe());
    backend.apply(plan);
    double applied = millisSince(start);
    if (backend.verify(plan).kind() != Verification.Kind.CONVERGED) {
      throw new IllegalStateException("not converged");
    }
    double verified = millisSince(start);
    load.awaitAnswers(200);
    return new Trip(
        applied,
        verified,
        (load.lastSentToTwo.get() - start) / 1e6,
        (load.lastAnswerOfTwo.get() - start) / 1e6);
  }

  private static void shift(DeploymentBackend backend, double share, String id) throws Exception {
    backend.apply(backend.plan(trafficShift(share, id), backend.describe()));
  }

  private static TrafficShift trafficShift(double share, String id) {
    return new TrafficShift(id, id, "credit", "2", "1", share);
  }

  private static double millisSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  private static String row(String name, List<Trip> trips, ToDoubleFunction<Trip> value) {
    double[] sorted = trips.stream().mapToDouble(value).sorted().toArray();
    int n = sorted.length;
    double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    return String.format(
        Locale.ROOT, "%-45s median %7.1f ms, max %7.1f ms%n", name, median, sorted[n - 1]);
  }
}
