package io.breakwater.engine.backend;

/**
 * Moves traffic between versions of a model on one deployment target.
 *
 * <p>One instance serves one model's target. Creating one opens no connection. Methods may block on
 * the network up to their own time-outs (at most 2 s each) and are called by one thread at a time.
 */
public interface DeploymentBackend extends AutoCloseable {
  /** What the target looks like now. */
  TargetView describe() throws BackendException;

  /** The change that would be made; making it is {@link #apply}. Touches nothing. */
  Plan plan(TrafficShift shift, TargetView seen) throws BackendException;

  /** Makes the change. Repeating the same {@link Plan#id()} has no further effect. */
  ApplyOutcome apply(Plan plan) throws BackendException;

  /** Whether the target now is as planned. */
  Verification verify(Plan plan) throws BackendException;

  /**
   * Whether repeating {@link #apply} without a record of having done it is harmless. Only then may
   * a stalled journal be overtaken by the action.
   */
  boolean idempotent();

  /** Releases connections. */
  @Override
  void close();
}
