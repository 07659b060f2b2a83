package io.breakwater.backend.kit;

/** What can be wrong with a deployment target. */
public enum Fault {
  /** Takes requests and never answers. */
  SLOW,
  /** Answers, but refuses changes. Reading may be refused too. */
  REFUSING,
  /** Accepts changes and moves nothing. */
  LYING,
  /** Nobody listens any more. */
  GONE
}
