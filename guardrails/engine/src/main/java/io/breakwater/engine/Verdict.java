package io.breakwater.engine;

/** What the evidence says about one guardrail now. */
public enum Verdict {
  /** Enough data, no breach. */
  PASS,
  /** The guardrail is broken. */
  BREACH,
  /** Too little data to say; neither of the others. */
  NO_DATA
}
