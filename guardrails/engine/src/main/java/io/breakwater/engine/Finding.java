package io.breakwater.engine;

/** What is noteworthy about a model besides verdicts. */
public enum Finding {
  /** Agents are alive and there are no calls. */
  NO_TRAFFIC,
  /** An instance that used to beat is silent. */
  BLIND,
  /** The stable version breaches the same rule, or the traffic itself changed. */
  UPSTREAM,
  /** One node misbehaves, not the version. */
  INSTANCE,
  /** A guardrail cannot be judged from what is received. */
  UNGUARDED,
  /** There is no version that traffic could safely go back to. */
  NO_SAFE_TARGET
}
