package io.breakwater.collector.intake;

import io.breakwater.signals.Attributes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a point's attributes say it is about, while they are read. */
final class Identity {
  private static final byte[] MODEL_NAME = utf8(Attributes.MODEL_NAME);
  private static final byte[] MODEL_VERSION = utf8(Attributes.MODEL_VERSION);
  private static final byte[] ERROR_TYPE = utf8(Attributes.ERROR_TYPE);
  private static final byte[] TRAFFIC = utf8(Attributes.TRAFFIC);
  private static final byte[] OUTPUT_NAME = utf8(Attributes.OUTPUT_NAME);
  private static final byte[] OUTPUT_CLASS = utf8(Attributes.OUTPUT_CLASS);
  private static final byte[] FEATURE_NAME = utf8(Attributes.FEATURE_NAME);
  private static final byte[] FEATURE_CATEGORY = utf8(Attributes.FEATURE_CATEGORY);
  private static final byte[] RANGE = utf8(Attributes.RANGE);
  private static final byte[] RANGE_BOUND = utf8(Attributes.RANGE_BOUND);
  private static final byte[] RANGE_SERIES = utf8(Attributes.RANGE_SERIES);

  String model = "";
  String version = "";
  @Nullable String errorType;
  String traffic = Attributes.TRAFFIC_LIVE;
  @Nullable String output;
  @Nullable String feature;

  /** Class or category. */
  @Nullable String name;

  String range = "";
  String rangeSeries = "";
  double rangeBound = Double.NaN;

  void take(KeyValue attribute) throws IOException {
    if (attribute.is(MODEL_NAME)) {
      model = attribute.text();
    } else if (attribute.is(MODEL_VERSION)) {
      version = attribute.text();
    } else if (attribute.is(ERROR_TYPE)) {
      errorType = attribute.text();
    } else if (attribute.is(TRAFFIC)) {
      traffic = attribute.text();
    } else if (attribute.is(OUTPUT_NAME)) {
      output = attribute.text();
    } else if (attribute.is(FEATURE_NAME)) {
      feature = attribute.text();
    } else if (attribute.is(OUTPUT_CLASS) || attribute.is(FEATURE_CATEGORY)) {
      name = attribute.text();
    } else if (attribute.is(RANGE)) {
      range = attribute.text();
    } else if (attribute.is(RANGE_BOUND)) {
      rangeBound = attribute.number();
    } else if (attribute.is(RANGE_SERIES)) {
      rangeSeries = attribute.text();
    }
  }

  /** Characters of all texts. */
  int chars() {
    int chars = model.length() + version.length();
    for (String text : new String[] {errorType, output, feature, name}) {
      chars += text == null ? 0 : text.length();
    }
    return chars;
  }

  boolean isLive() {
    return traffic.equals(Attributes.TRAFFIC_LIVE)
        && !Attributes.ERROR_TYPE_REFUSED.equals(errorType);
  }

  /** Whether a text that becomes part of a name is longer than {@code chars}. */
  boolean isLongerThan(int chars) {
    return model.length() > chars
        || version.length() > chars
        || tooLong(errorType, chars)
        || tooLong(output, chars)
        || tooLong(feature, chars)
        || tooLong(name, chars);
  }

  static boolean tooLong(@Nullable String text, int chars) {
    return text != null && text.length() > chars;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
