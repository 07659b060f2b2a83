package io.breakwater.engine;

import io.breakwater.engine.detect.RateDetector;
import io.breakwater.engine.detect.Tally;
import io.breakwater.engine.detect.Tally.Part;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One serving process that is to blame for a breach of its version.
 *
 * <p>The rule: of the processes seen in the evidence it is the one with the most bad calls above
 * what is normal; and without it the version is as it should be, that is, of the {@code n} other
 * calls at most {@code n p + 3 sqrt(n p (1 - p))} are bad, where {@code p} is the share taken as
 * normal: three standard deviations for chance.
 *
 * @param instance {@code service.instance.id}, empty when it has none
 * @param own its calls
 * @param others how many other processes there are; 0 when they are too many to tell apart
 * @param rest all other calls of the version
 * @param isCertain whether it and another process have 20 calls each; until then it is a suspicion
 */
record Culprit(String instance, Part own, int others, Part rest, boolean isCertain) {
  private static final double DEVIATIONS = 3;

  /** The process that causes the evidence alone, or null: then it is the version. */
  static @Nullable Culprit of(Tally evidence, double normal) {
    Map<String, Part> parts = evidence.instances();
    String worst = null;
    Part own = new Part(0, 0);
    double most = 0;
    for (Map.Entry<String, Part> entry : parts.entrySet()) {
      Part part = entry.getValue();
      double excess = part.bad() - normal * part.calls();
      if (excess > most && !entry.getKey().equals(Tally.OTHER)) {
        worst = entry.getKey();
        own = part;
        most = excess;
      }
    }
    Part rest = new Part(evidence.calls() - own.calls(), evidence.bad() - own.bad());
    if (worst == null || parts.size() < 2 || rest.calls() == 0) {
      return null;
    }
    if (RateDetector.isAbove(normal, rest.calls(), rest.bad(), DEVIATIONS)) {
      return null;
    }
    boolean tellable = !parts.containsKey(Tally.OTHER);
    return new Culprit(worst, own, tellable ? parts.size() - 1 : 0, rest, isCertain(parts, worst));
  }

  private static boolean isCertain(Map<String, Part> parts, String worst) {
    boolean another = false;
    for (Map.Entry<String, Part> entry : parts.entrySet()) {
      boolean enough = entry.getValue().calls() >= RateDetector.MIN_CALLS;
      if (entry.getKey().equals(worst) && !enough) {
        return false;
      }
      another |= enough && !entry.getKey().equals(worst);
    }
    return another;
  }

  /**
   * The same in words.
   *
   * @param what what makes a call bad: {@code failed}
   */
  String sentence(String what, String version) {
    String rests =
        others == 1
            ? "the other instance"
            : others == 0 ? "the other instances" : "the other " + others + " instances";
    return (instance.isEmpty() ? "the instances without an id" : "instance " + instance)
        + ": "
        + own.bad()
        + " of "
        + own.calls()
        + " calls "
        + what
        + "; "
        + rests
        + " of version "
        + version
        + ": "
        + rest.bad()
        + " of "
        + rest.calls();
  }
}
