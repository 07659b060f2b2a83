package io.breakwater.engine.breaker;

import org.jspecify.annotations.Nullable;

/**
 * Where a version's traffic could go.
 *
 * @param version the version that would take it; null when there is none
 * @param objection why it must not go there by itself, or null when it may; a person may order it
 *     in spite of an objection as long as there is a version
 */
public record Target(@Nullable String version, @Nullable String objection) {
  /** A version that may take the traffic. */
  public static Target safe(String version) {
    return new Target(version, null);
  }

  /** No version can take the traffic. */
  public static Target none(String why) {
    return new Target(null, why);
  }

  /** Whether traffic may go there without being asked. */
  public boolean isSafe() {
    return version != null && objection == null;
  }
}
