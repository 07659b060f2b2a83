package io.breakwater.engine;

/** What the ledger knows of a version. */
public enum Standing {
  /** Declared stable, promoted, or proven over time. */
  GOOD,
  /** Was taken out of traffic. */
  TRIPPED,
  /** Nothing is known yet. */
  UNKNOWN
}
