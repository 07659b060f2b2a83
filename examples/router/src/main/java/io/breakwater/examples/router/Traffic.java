package io.breakwater.examples.router;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Where the next request goes. A change is in effect for the next request of any thread once {@link
 * #shift} has returned.
 */
final class Traffic {
  private static final int REMEMBERED_SHIFTS = 10_000;

  private final Spread.Kind kind;
  private final Set<String> shifts = new LinkedHashSet<>();
  private volatile Share now;

  private record Share(Split split, Spread spread) {}

  Traffic(Split split, Spread.Kind kind) {
    this.kind = kind;
    this.now = new Share(split, kind.over(split));
  }

  String nextVersion() {
    return now.spread().next();
  }

  Split split() {
    return now.split();
  }

  /** Takes a new split, once per id; returns whether it was new. */
  synchronized boolean shift(String id, Split split) {
    if (!shifts.add(id)) {
      return false;
    }
    if (shifts.size() > REMEMBERED_SHIFTS) {
      shifts.remove(shifts.iterator().next());
    }
    now = new Share(split, kind.over(split));
    return true;
  }
}
