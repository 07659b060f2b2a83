package io.breakwater.engine.policy;

/** What a confirmed breach may do. */
public enum Mode {
  /** Evaluate and tell; never act. */
  OBSERVE,
  /** Act after a person approved the decision. */
  APPROVE,
  /** Act at once. */
  ENFORCE
}
