package io.breakwater.backend.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.breakwater.backend.kit.MemoryBackend.Mistake;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The kit itself: each mistake is caught, and by the test that is about it. */
class DeploymentBackendContractTest {
  @AfterEach
  void rightAgain() {
    MemoryBackend.mistake = null;
  }

  @Test
  void noMistake_noFailure() {
    assertThat(failures()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Mistake.class)
  void everyMistake_isCaught(Mistake mistake) {
    MemoryBackend.mistake = mistake;
    assertThat(failures()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ACTS_WHILE_PLANNING, plan_touchesNothing",
    "LEAVES_A_TRICKLE, apply_movesTraffic_andZeroIsZero",
    "TAKES_FROM_EVERYBODY, thirdVersion_keepsItsShare",
    "IGNORES_STALENESS, stalePlan_isNotApplied_andAFreshOneIs",
    "SENDS_AGAIN, repeatedApply_hasNoFurtherEffect",
    "TRUSTS_ITS_OWN_WORDS, lyingTarget_isNotVerified",
    "SWALLOWS_REFUSALS, refusingTarget_isNamed",
    "ERRORS_WITHOUT_NAME, goneTarget_isNamed",
  })
  void mistake_isCaughtByItsTest(Mistake mistake, String test) {
    MemoryBackend.mistake = mistake;
    assertThat(failures()).contains(test);
  }

  private static List<String> failures() {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(MemoryBackendContractTest.class))
        .execute()
        .testEvents()
        .failed()
        .stream()
        .map(event -> event.getTestDescriptor().getDisplayName().replace("()", ""))
        .collect(Collectors.toList());
  }
}
