package io.breakwater.engine.policy;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** One rule of a model's policy: which signal, judged how, and what a breach leads to. */
public sealed interface Guardrail {
  /** Unique within the model, for people and metrics; for example {@code errors against stable}. */
  String name();

  /** The signal's name as written in the guardrail file, for example {@code errors}. */
  String signal();

  /** What a breach leads to. */
  Then then();

  /** How a breach is confirmed. */
  Breaches breaches();

  /**
   * The share of failing calls (0..1) from which a breach is severe, that is, overrides waiting for
   * approval; null when no breach is.
   */
  @Nullable Double severe();

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
      return "errors";
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
      return "errors";
    }
  }
}
