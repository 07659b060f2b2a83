package io.breakwater.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficShiftTest {
  @Test
  void target_takesWhatIsSetFree() throws Exception {
    assertThat(shift("2", "1", 0).after(Map.of("1", 0.8, "2", 0.2)))
        .isEqualTo(Map.of("1", 1.0, "2", 0.0));
    assertThat(shift("2", "1", 0.01).after(Map.of("1", 1.0, "2", 0.0)))
        .isEqualTo(Map.of("1", 0.99, "2", 0.01));
  }

  @Test
  void otherVersions_keepTheirs() throws Exception {
    assertThat(shift("2", "1", 0).after(Map.of("1", 0.7, "2", 0.2, "3", 0.1)))
        .isEqualTo(Map.of("1", 0.9, "2", 0.0, "3", 0.1));
  }

  @Test
  void nothingServedYet_givesTheTargetTheRest() throws Exception {
    assertThat(shift("2", "1", 0.2).after(Map.of("1", 0.0, "2", 0.0)))
        .isEqualTo(Map.of("1", 0.8, "2", 0.2));
  }

  @Test
  void moreThanTheTargetHas_isRefused() {
    assertThatThrownBy(() -> shift("2", "1", 0.5).after(Map.of("1", 0.2, "2", 0.2, "3", 0.6)))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "version 2 of credit cannot get 0.5 of the traffic: other versions than 1 have 0.6 of"
                + " it");
  }

  @Test
  void unknownVersion_isRefusedNamingTheKnown() {
    assertThatThrownBy(() -> shift("9", "1", 0).after(Map.of("1", 0.8, "2", 0.2)))
        .isInstanceOf(BackendException.class)
        .hasMessage("version 9 of credit is not on the target (expected: one of [1, 2])");
  }

  private static TrafficShift shift(String version, String target, double share) {
    return new TrafficShift("d-1.1", "d-1", "credit", version, target, share);
  }
}
