package io.breakwater.collector.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.engine.Distribution;
import io.breakwater.engine.Doubles;
import io.breakwater.engine.Engine;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Pane;
import io.breakwater.engine.Step;
import io.breakwater.engine.detect.Mixture;
import io.breakwater.engine.detect.RateLimitDetector;
import io.breakwater.engine.reference.Dispersions;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceSet;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.HistogramSnapshot;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
  void distributions_comeBackAsTheyWere() {
    HistogramSnapshot histogram =
        HistogramSnapshot.of(
            3,
            1e-9,
            2,
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            7,
            BucketCounts.of(-4, 1, 0, 5),
            BucketCounts.EMPTY);
    Distribution.Sketch sketch =
        new Distribution.Sketch(
            List.of(histogram, HistogramSnapshot.empty(1)),
            List.of(new Distribution.Outside(true, -1.5, 3)));
    Distribution numbers = new Distribution.Numbers(sketch, sketch, 4);
    Distribution names = new Distribution.Names(Map.of("yes", 3L, "no", 4L), 0);
    Event pane =
        new Event.PaneClosed(
            new Pane(
                Trip.START,
                Trip.START.plusMillis(100),
                List.of(),
                List.of(new Pane.InstancePane("i", 1, Map.of("1", 8L), Map.of("1", histogram))),
                List.of(
                    new Pane.Reading("1", "score", numbers),
                    new Pane.Reading("1", "class", names))));
    Event given =
        new Event.ReferenceGiven(
            Trip.START,
            new ReferenceSet(
                "file",
                "digest",
                Map.of(
                    "score",
                    new Reference(numbers, 30, 1.5),
                    "class",
                    Reference.of(
                        names,
                        30,
                        new Dispersions(
                            Doubles.of(1, 1, 1, 1, 1, 1, 1, 1, 1.25),
                            Map.of("yes", 1.5),
                            1.75,
                            2)))));

    String json = EngineJson.writeList(List.of(pane, given), Event.class);

    assertThat(EngineJson.readList(json, Event.class)).containsExactly(pane, given);
  }

  @Test
  void referenceOfBeforeDispersionsByPlace_hasOneForAll() {
    String json =
        "{\"values\":{\"@type\":\"Names\",\"counts\":{},\"missing\":0},"
            + "\"panes\":30,\"dispersion\":1.5}";

    assertThat(EngineJson.read(json, Reference.class).dispersions())
        .isEqualTo(Dispersions.uniform(1.5));
  }

  @Test
  void doubles_comeBack() {
    Doubles numbers = Doubles.of(1.5, Double.NEGATIVE_INFINITY, Double.NaN, -0.0);

    assertThat(EngineJson.read(EngineJson.write(numbers), Doubles.class)).isEqualTo(numbers);
  }

  @Test
  void longRowsOfNumbers_comeBackToTheLastBit() {
    double[] row = new Random(1).doubles(200).toArray();
    row[3] = Double.NEGATIVE_INFINITY;
    row[4] = Double.NaN;
    row[5] = -0.0;
    row[6] = Double.MIN_VALUE;
    Doubles numbers = Doubles.of(row);

    String json = EngineJson.write(numbers);
    assertThat(json).hasSizeLessThan(200 * 11);
    assertThat(EngineJson.read(json, Doubles.class)).isEqualTo(numbers);
  }

  @Test
  void longRowsOfNumbers_areReadAsTheyWereWrittenBefore() {
    double[] row = new Random(1).doubles(200).toArray();
    String before = Arrays.toString(row).replace("]", ", \"Infinity\"]");

    assertThat(EngineJson.read(before, Doubles.class).toArray())
        .startsWith(row)
        .endsWith(Double.POSITIVE_INFINITY);
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
    RateLimitDetector detector =
        new RateLimitDetector(Double.MIN_VALUE, Double.POSITIVE_INFINITY, Mixture.FRESH);

    String json = EngineJson.write(detector);

    assertThat(EngineJson.read(json, io.breakwater.engine.detect.RateDetector.class))
        .isEqualTo(detector);
  }

  @Test
  void somethingElse_isRefusedWithItsType() {
    assertThatThrownBy(() -> EngineJson.read("{\"now\": 7}", ModelState.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ModelState");
  }
}
