package io.breakwater.collector.fuzz;

import io.breakwater.collector.config.GuardrailFileTarget;
import io.breakwater.collector.csv.CsvTarget;
import io.breakwater.collector.http.ApiTarget;
import io.breakwater.collector.intake.OtlpJsonTarget;
import io.breakwater.collector.intake.OtlpTarget;
import io.breakwater.collector.reference.ReferenceTarget;
import java.util.List;

/** Everything that reads what others wrote. */
final class Targets {
  private Targets() {}

  static List<FuzzTarget> all() {
    return List.of(
        new OtlpTarget(),
        new OtlpJsonTarget(),
        new GuardrailFileTarget(),
        new CsvTarget(),
        new ReferenceTarget(),
        new ApiTarget());
  }

  static FuzzTarget named(String name) {
    return all().stream()
        .filter(target -> target.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + ": no such target"));
  }
}
