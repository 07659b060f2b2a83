package io.breakwater.engine.detect;

import io.breakwater.engine.Verdict;

/** A sequential test; a value. */
public sealed interface Detector permits RateDetector, DriftDetector {
  /** How often it looked. */
  long looks();

  /** Natural logarithm of the evidence. */
  double lnEvidence();

  /** Natural logarithm of the value at which it breaches. */
  double lnThreshold();

  /** Whether there is enough data to say anything. */
  boolean judgeable();

  /** The detector without what is not judged yet: it was interrupted. */
  Detector interrupted();

  /** What the evidence says now. */
  default Verdict verdict() {
    return verdict(lnEvidence());
  }

  /** The same from the logarithm of the evidence. */
  default Verdict verdict(double lnEvidence) {
    if (!judgeable()) {
      return Verdict.NO_DATA;
    }
    return lnEvidence >= lnThreshold() ? Verdict.BREACH : Verdict.PASS;
  }

  /** Logarithm of the evidence over that of the threshold: at 1 it breaches. */
  default double evidenceRatio() {
    return lnEvidence() / lnThreshold();
  }
}
