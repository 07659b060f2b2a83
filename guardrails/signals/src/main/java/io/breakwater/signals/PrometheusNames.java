package io.breakwater.signals;

/**
 * How OpenTelemetry names become Prometheus names.
 *
 * <p>Dots become underscores; the unit is appended in words unless the name ends with it; an
 * annotation such as <code>{row}</code> and the unit {@code 1} append nothing; monotonic sums end
 * in {@code _total}. This is the OpenTelemetry compatibility rule with one difference: a gauge in
 * unit {@code 1} gets no {@code _ratio}, because scores and shares keep their own names in the
 * product's metrics.
 */
final class PrometheusNames {
  private PrometheusNames() {}

  static String sanitize(String name) {
    StringBuilder clean = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean digit = c >= '0' && c <= '9' && i > 0;
      clean.append(letter || digit ? c : '_');
    }
    return clean.toString();
  }

  static String of(String name, String unit, Metric.Type type) {
    String base = sanitize(name);
    String suffix = unitSuffix(unit);
    if (!base.endsWith(suffix)) {
      base += suffix;
    }
    return type == Metric.Type.MONOTONIC_SUM ? base + "_total" : base;
  }

  private static String unitSuffix(String unit) {
    switch (unit) {
      case "s":
        return "_seconds";
      case "By":
        return "_bytes";
      case "W":
        return "_watts";
      case "J":
        return "_joules";
      case "Cel":
        return "_celsius";
      case "1":
        return "";
      default:
        if (unit.startsWith("{") && unit.endsWith("}")) {
          return "";
        }
        throw new IllegalArgumentException(
            "unit: " + unit + " (expected: s, By, W, J, Cel, 1 or an {annotation})");
    }
  }
}
