package io.breakwater.collector.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the collector takes at most, the section {@code limits} of the guardrail file. Immutable.
 *
 * @param models models that are watched
 * @param versions versions of a model
 * @param signals signals of a version
 * @param names classes or categories of a signal that are told apart
 * @param requestSize bytes of a request's body, as sent and unpacked
 * @param requestPoints points in a request
 * @param waitingSize bytes of bodies that are received and not decoded yet
 * @param waitingPoints points that wait for one model
 * @param streams cumulative streams that are remembered
 * @param connections connections of a port
 */
public record Limits(
    int models,
    int versions,
    int signals,
    int names,
    long requestSize,
    int requestPoints,
    long waitingSize,
    int waitingPoints,
    int streams,
    int connections) {
  /** The limits when the file says nothing. */
  public static final Limits DEFAULTS =
      new Limits(10_000, 64, 2_000, 1_000, 20L << 20, 100_000, 64L << 20, 20_000, 100_000, 10_000);

  /** What a file with these limits says, by key. */
  public Map<String, String> shown() {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("models", String.valueOf(models));
    shown.put("versions", String.valueOf(versions));
    shown.put("signals", String.valueOf(signals));
    shown.put("names", String.valueOf(names));
    shown.put("request-size", Values.shownBytes(requestSize));
    shown.put("request-points", String.valueOf(requestPoints));
    shown.put("waiting-size", Values.shownBytes(waitingSize));
    shown.put("waiting-points", String.valueOf(waitingPoints));
    shown.put("streams", String.valueOf(streams));
    shown.put("connections", String.valueOf(connections));
    return shown;
  }

  /** The same without those keys that {@code other} has the same value of. */
  public Map<String, String> shownUnlike(Limits other) {
    Map<String, String> shown = shown();
    shown.entrySet().removeAll(other.shown().entrySet());
    return shown;
  }
}
