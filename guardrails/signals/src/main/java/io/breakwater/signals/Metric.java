package io.breakwater.signals;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** One metric of the {@linkplain Metrics catalogue}: its names, unit, type, meaning, attributes. */
public final class Metric {
  /** OpenTelemetry's kinds of data. */
  public enum Type {
    /** Base-2 exponential histogram. */
    EXPONENTIAL_HISTOGRAM,
    /** Sum that only grows. */
    MONOTONIC_SUM,
    /** Sum that may fall. */
    UP_DOWN_SUM,
    /** Last value seen. */
    GAUGE
  }

  private final String name;
  private final String unit;
  private final Type type;
  private final String description;
  private final List<String> attributes;
  private final String prometheusName;

  private Metric(String name, String unit, Type type, String description, List<String> attributes) {
    this.name = requireNonNull(name, "name");
    this.unit = requireNonNull(unit, "unit");
    this.type = requireNonNull(type, "type");
    this.description = requireNonNull(description, "description");
    this.attributes = List.copyOf(attributes);
    this.prometheusName = PrometheusNames.of(name, unit, type);
  }

  static Metric of(
      String name, String unit, Type type, String description, List<String> attributes) {
    return new Metric(name, unit, type, description, attributes);
  }

  /** OpenTelemetry name, for example {@code ml.inference.duration}. */
  public String name() {
    return name;
  }

  /** Unit in UCUM, for example {@code s}, {@code 1} or <code>{row}</code>. */
  public String unit() {
    return unit;
  }

  /** Kind of data. */
  public Type type() {
    return type;
  }

  /** Meaning, one sentence. */
  public String description() {
    return description;
  }

  /** Names of the attributes a point may carry, without those of the resource. */
  public List<String> attributes() {
    return attributes;
  }

  /** Prometheus name, derived from name, unit and type. */
  public String prometheusName() {
    return prometheusName;
  }

  @Override
  public String toString() {
    return name;
  }
}
