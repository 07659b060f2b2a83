package io.breakwater.engine;

import io.breakwater.engine.breaker.Target;

/**
 * Where a version's traffic may go: onto the stable version, if the ledger knows it as GOOD, it is
 * in traffic and alive, and it does not breach a limit itself.
 */
final class SafeTarget {
  private SafeTarget() {}

  static Target of(Draft draft, VersionDraft version) {
    String name = draft.stable;
    if (name == null) {
      return Target.none(
          "no version is known to be good (name one under `stable:` or promote one)");
    }
    if (name.equals(version.version)) {
      return Target.none("version " + name + " is the stable version itself");
    }
    VersionDraft stable = draft.versions.get(name);
    if (stable == null) {
      return Target.none("the stable version " + name + " has had no live call yet");
    }
    if (stable.standing != Standing.GOOD) {
      return Target.none("the stable version " + name + " is " + stable.standing + ", not GOOD");
    }
    if (!stable.inTraffic()) {
      return Target.none(
          "the breaker of the stable version " + name + " is " + stable.breaker.name());
    }
    if (!Traffic.alive(draft, stable)) {
      return Target.none("no call or heartbeat of the stable version " + name + " for 5 s");
    }
    return new Judge(draft).breachesALimit(stable)
        ? new Target(name, "the stable version " + name + " breaches a limit itself")
        : Target.safe(name);
  }
}
