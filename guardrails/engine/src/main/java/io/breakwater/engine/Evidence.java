package io.breakwater.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a guardrail was judged as it was.
 *
 * @param guardrail name of the guardrail
 * @param signal name of the signal
 * @param version the version judged
 * @param against the version compared with, or null
 * @param since start of the first pane that belongs to the evidence
 * @param until end of the last pane that belongs to it
 * @param unit what is counted: {@code calls} or {@code rows}
 * @param what what makes one of them bad, in words: {@code failed}, {@code took over 50 ms}, {@code
 *     above 0.84}
 * @param seen calls or rows of the version in the evidence
 * @param bad bad ones among them
 * @param againstSeen calls or rows of the version compared with, in the same time
 * @param againstBad bad ones among them
 * @param baseline the bad share taken as normal, or the limit, 0..1
 * @param logEvidence natural logarithm of the detector's value
 * @param logThreshold natural logarithm of the value at which it breaches
 * @param errorTypes failures by {@code error.type}
 * @param sentence the same in words
 */
public record Evidence(
    String guardrail,
    String signal,
    String version,
    @Nullable String against,
    Instant since,
    Instant until,
    String unit,
    String what,
    long seen,
    long bad,
    long againstSeen,
    long againstBad,
    double baseline,
    double logEvidence,
    double logThreshold,
    Map<String, Long> errorTypes,
    String sentence) {
  /** Calls are counted. */
  public static final String CALLS = "calls";

  /** Rows are counted: a call with a batch has several. */
  public static final String ROWS = "rows";

  public Evidence {
    requireNonNull(guardrail, "guardrail");
    requireNonNull(signal, "signal");
    requireNonNull(version, "version");
    requireNonNull(since, "since");
    requireNonNull(until, "until");
    requireNonNull(unit, "unit");
    requireNonNull(what, "what");
    errorTypes = Map.copyOf(errorTypes);
    requireNonNull(sentence, "sentence");
  }
}
