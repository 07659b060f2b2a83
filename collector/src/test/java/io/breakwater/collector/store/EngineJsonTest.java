package io.breakwater.collector.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.engine.Engine;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Step;
import io.breakwater.engine.detect.ErrorLimitDetector;
import io.breakwater.engine.detect.Mixture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineJsonTest {
  private final JournalEntry trip = Trip.of("credit");

  @Test
  void state_comesBackAsItWas() {
    String json = EngineJson.write(trip.after());

    assertThat(EngineJson.read(json, ModelState.class)).isEqualTo(trip.after());
  }

  @Test
  void events_comeBackAsTheyWere() {
    List<Event> events =
        List.of(
            trip.events().get(0),
            new Event.ShiftReported(
                Trip.START, "s", Event.ShiftReported.Phase.CONVERGED, "fake", "as planned"),
            new Event.TargetObserved(Trip.START, Map.of("1", 1.0), null),
            new Event.Ordered(
                Trip.START, Event.Verb.HOLD, "2", "ann", "why", Duration.ofMinutes(90), null),
            new Event.PolicyChanged(Trip.START, trip.after().policy()),
            new Event.Resumed(Trip.START));

    String json = EngineJson.writeList(events, Event.class);

    assertThat(EngineJson.readList(json, Event.class)).isEqualTo(events);
  }

  @Test
  void journalledInputs_replayToTheSameStep() {
    ModelState state = EngineJson.read(EngineJson.write(trip.base()), ModelState.class);
    Step step = null;
    for (Event event :
        EngineJson.readList(EngineJson.writeList(trip.events(), Event.class), Event.class)) {
      step = Engine.step(state, event);
      state = step.next();
    }

    assertThat(step.records()).isEqualTo(trip.records());
    assertThat(step.actions()).isEqualTo(trip.actions());
    assertThat(state).isEqualTo(trip.after());
  }

  @Test
  void infiniteNumbers_comeBack() {
    ErrorLimitDetector detector =
        new ErrorLimitDetector(Double.MIN_VALUE, Double.POSITIVE_INFINITY, Mixture.FRESH);

    String json = EngineJson.write(detector);

    assertThat(EngineJson.read(json, io.breakwater.engine.detect.ErrorDetector.class))
        .isEqualTo(detector);
  }

  @Test
  void somethingElse_isRefusedWithItsType() {
    assertThatThrownBy(() -> EngineJson.read("{\"now\": 7}", ModelState.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ModelState");
  }
}
