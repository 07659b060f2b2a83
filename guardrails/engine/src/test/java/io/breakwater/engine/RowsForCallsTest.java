package io.breakwater.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.policy.Mode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Versions whose senders report scores and no calls. */
class RowsForCallsTest {
  @Test
  void rows_makeAVersionKnownAndSayNothingOfItsErrors() {
    Stage stage = Stage.of(Mode.ENFORCE, Stage.AGAINST_STABLE, Stage.AT_MOST_5);

    for (int i = 0; i < 300; i++) {
      stage.now = stage.now.plus(Stage.PANE);
      stage.step(
          new Event.PaneClosed(
              new Pane(
                  stage.now.minus(Stage.PANE),
                  stage.now,
                  List.of(
                      new VersionPane("1", 40, 0, Map.of(), true),
                      new VersionPane("2", 10, 0, Map.of(), true)),
                  List.of())));
    }

    assertThat(stage.state.versions()).containsOnlyKeys("1", "2");
    assertThat(stage.state.versions().get("2").share()).isBetween(0.19, 0.21);
    stage
        .state
        .versions()
        .values()
        .forEach(
            version ->
                assertThat(version.guardrails().values())
                    .isNotEmpty()
                    .allSatisfy(
                        guardrail -> assertThat(guardrail.verdict()).isEqualTo(Verdict.NO_DATA)));
  }
}
