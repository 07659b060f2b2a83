package io.breakwater.examples.demo;

import io.breakwater.examples.demo.AlertReceiver.Alert;
import io.breakwater.examples.demo.CollectorApi.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * What was seen from outside during a run, and what it says. Answers are the clients', decisions
 * the collector's, alerts the receiver's; whether the run was a success is judged by the answers.
 *
 * @param countedFrom the end of the warm-up; earlier answers are left out of every number
 * @param badFrom when requests began to lack the optional column, or the bad build was loaded
 * @param until when clients stopped sending
 * @param rate predictions asked for per second
 */
record Observation(
    Scenario scenario,
    List<Answer> answers,
    List<Decision> decisions,
    List<Alert> alerts,
    Instant countedFrom,
    Instant badFrom,
    Instant until,
    int rate) {
  /** How long traffic must have flowed without a bad answer after the last one. */
  static final Duration QUIET = Duration.ofSeconds(5);

  /** How long after the trip a bad answer may still come: the shift, and answers under way. */
  static final Duration SETTLING = Duration.ofSeconds(2);

  private static final String TRIPPED = "TRIPPED";
  private static final String TRIPPED_ALERT = "io.breakwater.breaker.tripped";
  private static final double KEPT = 0.95;

  Observation {
    answers =
        answers.stream()
            .filter(answer -> !answer.sentAt().isBefore(countedFrom))
            .sorted(Comparator.comparing(Answer::at))
            .toList();
    decisions = List.copyOf(decisions);
    alerts = List.copyOf(alerts);
  }

  /** Counted predictions. */
  int predictions() {
    return answers.size();
  }

  /** Counted answers that failed, or were made by the canary's bad build. */
  List<Answer> badAnswers() {
    return answers.stream().filter(this::bad).toList();
  }

  Optional<Answer> firstBad() {
    return answers.stream().filter(this::bad).findFirst();
  }

  Optional<Answer> lastBad() {
    return answers.stream().filter(this::bad).reduce((first, second) -> second);
  }

  private boolean bad(Answer answer) {
    return !answer.good() || (scenario.loadsBadBuild() && canarySince(answer));
  }

  /** Whether the canary made it, of a request that was due when things had gone wrong. */
  private boolean canarySince(Answer answer) {
    return answer.version().equals(Stack.CANARY) && !answer.sentAt().isBefore(badFrom);
  }

  /** The canary's share of the answers before anything went bad, 0..1. */
  double canaryShare() {
    return canaryShare(answer -> answer.at().isBefore(badFrom));
  }

  /** The trip, if there was one. */
  Optional<Decision> trip() {
    return decisions.stream().filter(decision -> decision.kind().equals(TRIPPED)).findFirst();
  }

  /** The first later record of the trip's decision of this kind. */
  Optional<Decision> afterTrip(String kind) {
    return trip()
        .flatMap(
            trip ->
                decisions.stream()
                    .filter(d -> d.kind().equals(kind) && d.id().equals(trip.id()))
                    .findFirst());
  }

  long trips() {
    return decisions.stream().filter(decision -> decision.kind().equals(TRIPPED)).count();
  }

  /** The alert that tells of the trip, if it came with a right signature. */
  Optional<Alert> tripAlert() {
    return alerts.stream()
        .filter(alert -> alert.signed() && alert.type().equals(TRIPPED_ALERT))
        .findFirst();
  }

  /** How many predictions the canary made from {@code badFrom} until the trip. */
  Optional<Long> canaryPredictionsUntilTrip() {
    return trip()
        .map(
            trip ->
                answers.stream()
                    .filter(answer -> canarySince(answer) && !answer.at().isAfter(trip.at()))
                    .count());
  }

  /** The median time until a version's answers before {@code badFrom}, or from then on. */
  Optional<Duration> medianLatency(String version, boolean before) {
    List<Duration> sorted = of(version, before).map(Answer::latency).sorted().toList();
    return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get(sorted.size() / 2));
  }

  /**
   * The mean of a version's scores before {@code badFrom}, or from then on; NaN when it has none.
   */
  double meanScore(String version, boolean before) {
    return scores(version, before).average().orElse(Double.NaN);
  }

  /**
   * How far the canary's scores are from the stable version's since {@code badFrom}: the difference
   * of the means over the standard deviation of the stable version's scores. NaN without scores.
   */
  double scoreShift() {
    double mean = meanScore(Stack.STABLE, false);
    double variance =
        scores(Stack.STABLE, false)
            .map(score -> (score - mean) * (score - mean))
            .average()
            .orElse(Double.NaN);
    return (meanScore(Stack.CANARY, false) - mean) / Math.sqrt(variance);
  }

  private DoubleStream scores(String version, boolean before) {
    return of(version, before).mapToDouble(Answer::score).filter(score -> !Double.isNaN(score));
  }

  private Stream<Answer> of(String version, boolean before) {
    return answers.stream()
        .filter(answer -> answer.version().equals(version))
        .filter(answer -> answer.sentAt().isBefore(badFrom) == before);
  }

  /** The time from the first bad answer to the last. */
  Optional<Duration> firstBadToLastBad() {
    return sinceFirstBad(lastBad().map(Answer::at));
  }

  Optional<Duration> firstBadToTrip() {
    return sinceFirstBad(trip().map(Decision::at));
  }

  Optional<Duration> firstBadToAlert() {
    return sinceFirstBad(tripAlert().map(Alert::at));
  }

  /** The time from {@code badFrom} on, or from the first bad answer where there is one. */
  Optional<Duration> sinceFirstBad(Optional<Instant> event) {
    return firstBad().flatMap(bad -> event.map(at -> Duration.between(bad.at(), at)));
  }

  /** What happened, in a word or two. */
  String observed() {
    return trips() == 0 ? "no trip" : trips() == 1 ? "trip" : trips() + " trips";
  }

  /** Why the run is no success, in words; empty when it is one. */
  List<String> problems() {
    return scenario.mustTrip() ? problemsWithTrip() : problemsWithGood();
  }

  private List<String> problemsWithTrip() {
    List<String> problems = new ArrayList<>();
    if (trips() != 1) {
      problems.add("trips: " + trips() + " (expected: 1)");
    }
    trip()
        .filter(trip -> trip.at().isBefore(badFrom))
        .ifPresent(trip -> problems.add("tripped before anything went bad"));
    trip()
        .filter(trip -> !trip.version().equals(Stack.CANARY))
        .ifPresent(trip -> problems.add("tripped on version " + trip.version()));
    trip().ifPresent(trip -> addWrongSignal(problems, trip));
    if (firstBad().isEmpty()) {
      problems.add("no client got a " + scenario.adjective() + " answer");
    }
    lastBad()
        .filter(last -> Duration.between(last.at(), until).compareTo(QUIET) < 0)
        .ifPresent(
            last -> problems.add("clients got " + scenario.adjective() + " answers until the end"));
    addUnexplained(problems);
    if (tripAlert().isEmpty()) {
      problems.add("no alert with a right signature told of the trip");
    }
    trip().ifPresent(trip -> addBadAfter(problems, trip.at().plus(SETTLING)));
    trip().ifPresent(trip -> addLostTraffic(problems, trip.at().plus(SETTLING)));
    return problems;
  }

  private List<String> problemsWithGood() {
    List<String> problems = new ArrayList<>();
    if (trips() > 0) {
      problems.add("trips: " + trips() + " (expected: 0)");
    }
    if (!badAnswers().isEmpty()) {
      problems.add("bad answers: " + badAnswers().size() + " (expected: 0)");
    }
    Instant lastQuarter = until.minus(Duration.between(countedFrom, until).dividedBy(4));
    double shareAtEnd = canaryShare(answer -> answer.at().isAfter(lastQuarter));
    if (!(shareAtEnd > canaryShare() / 2)) {
      problems.add(
          "the canary's traffic was taken away: share %.3f at the end".formatted(shareAtEnd));
    }
    addLostTraffic(problems, countedFrom);
    return problems;
  }

  private void addWrongSignal(List<String> problems, Decision trip) {
    String signal = trip.json().path("evidence").path("signal").asText();
    if (!signal.startsWith(scenario.signal())) {
      problems.add("tripped on " + signal + " (expected: " + scenario.signal() + ")");
    }
  }

  private void addUnexplained(List<String> problems) {
    Predicate<Answer> explained = scenario == Scenario.ERRORS ? Answer::badByCanary : Answer::good;
    long unexplained = badAnswers().stream().filter(explained.negate()).count();
    if (unexplained > 0) {
      problems.add(
          scenario == Scenario.ERRORS
              ? unexplained + " requests failed otherwise than by the canary's bug"
              : unexplained + " requests failed (expected: 0)");
    }
  }

  private void addBadAfter(List<String> problems, Instant settled) {
    long bad = badAnswers().stream().filter(answer -> answer.at().isAfter(settled)).count();
    if (bad > 0) {
      problems.add(
          "%d %s answers later than %d s after the trip"
              .formatted(bad, scenario.adjective(), SETTLING.toSeconds()));
    }
  }

  private void addLostTraffic(List<String> problems, Instant from) {
    long good =
        answers.stream().filter(answer -> answer.good() && answer.at().isAfter(from)).count();
    double due = rate * Duration.between(from, until).toMillis() / 1000.0;
    if (good < KEPT * due) {
      problems.add("good answers: %d (expected: about %.0f)".formatted(good, due));
    }
  }

  private double canaryShare(Predicate<Answer> which) {
    return answers.stream()
        .filter(which)
        .mapToInt(answer -> answer.version().equals(Stack.CANARY) ? 1 : 0)
        .average()
        .orElse(Double.NaN);
  }
}
