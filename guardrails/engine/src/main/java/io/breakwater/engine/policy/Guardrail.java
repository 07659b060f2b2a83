package io.breakwater.engine.policy;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One rule of a model's policy: which signal, judged how, and what a breach leads to. */
public sealed interface Guardrail {
  /** The signal of failing calls. */
  String ERRORS = "errors";

  /** The signal of calls' durations. */
  String DURATION = "duration";

  /** Unique within the model, for people and metrics; for example {@code errors against stable}. */
  String name();

  /** The signal's name as written in the guardrail file, for example {@code errors}. */
  String signal();

  /** What a breach leads to. */
  Then then();

  /** How a breach is confirmed. */
  Breaches breaches();

  /**
   * The share of bad calls (0..1) from which a breach is severe, that is, overrides waiting for
   * approval; null when no breach is.
   */
  @Nullable Double severe();

  /** Whether it compares with the stable version, which is then not judged by it. */
  default boolean againstStable() {
    return this instanceof ErrorsAgainstStable || this instanceof SlowerThanStable;
  }

  /** Whether a version that was tripped by this rule may heal by probes. */
  default boolean mayProbe() {
    return true;
  }

  /**
   * Errors of a canary against errors of the stable version, by a sequential test.
   *
   * @param alpha probability of a false alarm per canary-day of continuous looking, in (0, 1)
   */
  record ErrorsAgainstStable(
      String name, double alpha, Then then, Breaches breaches, @Nullable Double severe)
      implements Guardrail {
    public ErrorsAgainstStable {
      requireNonNull(name, "name");
      requireNonNull(then, "then");
      requireNonNull(breaches, "breaches");
      Checks.openUnit("alpha", alpha);
      Checks.share("severe", severe);
    }

    @Override
    public String signal() {
      return ERRORS;
    }
  }

  /**
   * Errors of any version against a fixed limit, by a one-sample sequential test.
   *
   * @param max highest acceptable share of failing calls, in (0, 1)
   * @param alpha probability of a false alarm per version-day of continuous looking, in (0, 1)
   */
  record ErrorsLimit(
      String name, double max, double alpha, Then then, Breaches breaches, @Nullable Double severe)
      implements Guardrail {
    public ErrorsLimit {
      requireNonNull(name, "name");
      requireNonNull(then, "then");
      requireNonNull(breaches, "breaches");
      Checks.openUnit("max", max);
      Checks.openUnit("alpha", alpha);
      Checks.share("severe", severe);
    }

    @Override
    public String signal() {
      return ERRORS;
    }
  }

  /**
   * How many calls of a canary are slower than a threshold, against how many of the stable version,
   * by a sequential test. Failed calls and calls of cold instances do not count.
   *
   * @param threshold what slow is
   * @param alpha probability of a false alarm per canary-day of continuous looking, in (0, 1)
   */
  record SlowerThanStable(
      String name,
      SlowThreshold threshold,
      double alpha,
      Then then,
      Breaches breaches,
      @Nullable Double severe)
      implements Guardrail {
    public SlowerThanStable {
      requireNonNull(name, "name");
      requireNonNull(threshold, "threshold");
      requireNonNull(then, "then");
      requireNonNull(breaches, "breaches");
      Checks.openUnit("alpha", alpha);
      Checks.share("severe", severe);
    }

    @Override
    public String signal() {
      return DURATION;
    }
  }

  /** What slow is. */
  sealed interface SlowThreshold {
    /** Slower than a time. */
    record Fixed(Duration duration) implements SlowThreshold {
      public Fixed {
        Checks.positive("duration", duration);
      }
    }

    /**
     * Slower than a quantile of the stable version's recent warm calls, 2,000 at least.
     *
     * @param quantile in (0, 1)
     */
    record OfStable(double quantile) implements SlowThreshold {
      public OfStable {
        Checks.openUnit("quantile", quantile);
      }
    }
  }

  /**
   * A limit on a quantile of the duration, read as a rate: the 99 % quantile is at most 50 ms when
   * at most 1 % of the calls take longer. Failed calls and calls of cold instances do not count.
   *
   * @param quantile in (0, 1)
   * @param max the longest acceptable value of that quantile
   * @param alpha probability of a false alarm per version-day of continuous looking, in (0, 1)
   */
  record DurationLimit(
      String name,
      double quantile,
      Duration max,
      double alpha,
      Then then,
      Breaches breaches,
      @Nullable Double severe)
      implements Guardrail {
    public DurationLimit {
      requireNonNull(name, "name");
      requireNonNull(then, "then");
      requireNonNull(breaches, "breaches");
      Checks.openUnit("quantile", quantile);
      Checks.positive("max", max);
      Checks.openUnit("alpha", alpha);
      Checks.share("severe", severe);
    }

    @Override
    public String signal() {
      return DURATION;
    }
  }

  /**
   * The distribution of a signal against the model's reference, by a sequential test. One rule may
   * stand for many signals; each is then judged by itself, under the name of the signal.
   *
   * @param signal a signal, or a glob such as {@code feature:*}
   * @param tolerance by how much the share of values beyond any edge may differ from the
   *     reference's without being drift, 0..1
   */
  record Drift(String name, String signal, double tolerance, Then then, Breaches breaches)
      implements Guardrail {
    public Drift {
      requireNonNull(name, "name");
      requireNonNull(signal, "signal");
      requireNonNull(then, "then");
      requireNonNull(breaches, "breaches");
      if (!(tolerance >= 0 && tolerance < 1)) {
        throw new IllegalArgumentException(
            "tolerance: " + tolerance + " (expected: from 0 to below 1)");
      }
    }

    /** Whether a signal is one that this rule stands for. */
    public boolean covers(String one) {
      return Globs.matches(signal, one) || (signal.equals("score") && one.startsWith("score:"));
    }

    /** The name under which a signal is judged: {@code feature:age native}. */
    public static String nameOf(String one) {
      return one + " native";
    }

    @Override
    public @Nullable Double severe() {
      return null;
    }

    @Override
    public boolean mayProbe() {
      return false;
    }
  }
}
