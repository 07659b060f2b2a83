package io.breakwater.engine.backend;

import static io.breakwater.engine.backend.Verification.Kind.CONVERGED;
import static io.breakwater.engine.backend.Verification.Kind.DIVERGED;
import static io.breakwater.engine.backend.Verification.Kind.PENDING;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.backend.Verification.Kind;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VerificationTest {
  private static final Plan PLAN =
      new Plan(
          "d-1.1",
          new TrafficShift("d-1.1", "d-1", "credit", "2", "1", 0),
          Map.of("1", 0.7, "2", 0.2, "3", 0.1),
          Map.of("1", 0.9, "2", 0.0, "3", 0.1),
          "",
          "");

  static Stream<Arguments> readings() {
    return Stream.of(
        Arguments.of(Map.of("1", 0.9, "2", 0.0, "3", 0.1), CONVERGED),
        Arguments.of(Map.of("1", 0.9, "3", 0.1), CONVERGED),
        Arguments.of(Map.of("1", 0.9000000001, "2", 0.0, "3", 0.1), CONVERGED),
        Arguments.of(Map.of("1", 0.9, "2", 1e-9, "3", 0.1), PENDING),
        Arguments.of(Map.of("1", 0.7, "2", 0.2, "3", 0.1), PENDING),
        Arguments.of(Map.of("1", 0.8, "2", 0.1, "3", 0.1), PENDING),
        Arguments.of(Map.of("1", 0.6, "2", 0.3, "3", 0.1), DIVERGED),
        Arguments.of(Map.of("1", 0.8, "2", 0.0, "3", 0.2), DIVERGED),
        Arguments.of(Map.of("1", 0.5, "2", 0.0, "3", 0.1, "4", 0.4), DIVERGED),
        Arguments.of(Map.of(), DIVERGED));
  }

  @ParameterizedTest
  @MethodSource("readings")
  void reading_isComparedWithThePlan(Map<String, Double> now, Kind expected) {
    assertThat(Verification.of(PLAN, now).kind()).isEqualTo(expected);
  }
}
