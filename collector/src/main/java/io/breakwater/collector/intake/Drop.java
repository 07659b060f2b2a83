package io.breakwater.collector.intake;

/**
 * Why received data was not used; the {@code reason} of {@code breakwater_ingest_dropped_total}.
 */
public enum Drop {
  /** The request was not a metrics request of OTLP. */
  MALFORMED("malformed", "the request is not a valid OTLP metrics request"),
  /** The request was larger than allowed. */
  OVERSIZED("oversized", "the request is too large"),
  /** The request had no valid token. */
  UNAUTHORIZED("unauthorized", "the request has no token that may emit"),
  /** Content type or encoding is not taken. */
  UNSUPPORTED("unsupported", "the content type or encoding is not supported"),
  /** The memory for requests that are received and not decoded yet is in use. */
  BODIES_FULL("bodies_full", "too many bytes wait to be decoded; send again later"),
  /** Lanes are behind, or the request waited too long to be decoded. */
  OVERLOADED("overloaded", "the collector is behind; send again later"),
  /** The very same point came before. */
  REPEATED("repeated", "the point was received before"),
  /** The metric is not in the catalogue. */
  UNKNOWN_METRIC("unknown_metric", "the metric is none that Breakwater uses"),
  /** Model name or version is missing. */
  NO_IDENTITY("no_identity", "ml.model.name and ml.model.version are required"),
  /** An identity is too long. */
  ATTRIBUTE_TOO_LONG("attribute_too_long", "an identifying attribute is too long"),
  /** The first point of a cumulative stream: later ones are counted from it. */
  BASELINE("baseline", "the first point of a cumulative stream"),
  /** More cumulative streams than are remembered. */
  TOO_MANY_STREAMS(
      "too_many_streams", "there are too many cumulative streams; delta ones need no memory"),
  /** The bounds of explicit buckets differ from those of the signal's other points. */
  OTHER_BOUNDS(
      "other_bounds", "the buckets have other bounds than those of the signal's other points"),
  /** The lane of the model has more points waiting than it may. */
  LANE_FULL("lane_full", "too many points of this model wait; the others were taken"),
  /** The metric has another type than the catalogue says. */
  WRONG_TYPE("wrong_type", "the metric's type is not the catalogue's"),
  /** Numbers that cannot be. */
  BAD_POINT("bad_point", "the point's counts are impossible"),
  /** More models than allowed. */
  TOO_MANY_MODELS("too_many_models", "there are too many models"),
  /** More versions of a model than allowed. */
  TOO_MANY_VERSIONS("too_many_versions", "there are too many versions of this model"),
  /** More signals of a version than allowed. */
  TOO_MANY_SIGNALS("too_many_signals", "there are too many signals of this version"),
  /** More classes or categories of a signal than are told apart. */
  TOO_MANY_CATEGORIES(
      "too_many_categories", "counted as other: the signal has too many categories"),
  /** The memory that signals may take is in use. */
  SIGNALS_FULL("signals_full", "there are too many values to keep; fewer features would fit");

  private final String label;
  private final String explanation;

  Drop(String label, String explanation) {
    this.label = label;
    this.explanation = explanation;
  }

  /** The label's value. */
  public String label() {
    return label;
  }

  /**
   * Whether the sender is told of it. A point that came before was taken then, a baseline is of use
   * later, and one that is of no use here is nothing the sender should change.
   */
  boolean isRejection() {
    return this != REPEATED && this != UNKNOWN_METRIC && this != BASELINE;
  }

  /** In words, for the sender. */
  public String explanation() {
    return explanation;
  }
}
