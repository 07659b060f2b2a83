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
 * @param calls calls of the version in the evidence
 * @param errors failed calls among them
 * @param againstCalls calls of the version compared with, in the same time
 * @param againstErrors failed calls among them
 * @param baseline the error share taken as normal, or the limit, 0..1
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
    long calls,
    long errors,
    long againstCalls,
    long againstErrors,
    double baseline,
    double logEvidence,
    double logThreshold,
    Map<String, Long> errorTypes,
    String sentence) {
  public Evidence {
    requireNonNull(guardrail, "guardrail");
    requireNonNull(signal, "signal");
    requireNonNull(version, "version");
    requireNonNull(since, "since");
    requireNonNull(until, "until");
    errorTypes = Map.copyOf(errorTypes);
    requireNonNull(sentence, "sentence");
  }
}
