package io.breakwater.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.signals.HistogramSnapshot;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What is journalled can be written as JSON and read back without help: public records all the way
 * down, sealed interfaces where there is a choice, and plain values at the leaves.
 */
class StateShapeTest {
  private static final Set<Class<?>> LEAVES =
      Set.of(
          String.class,
          Instant.class,
          Duration.class,
          Long.class,
          Double.class,
          Integer.class,
          Doubles.class,
          HistogramSnapshot.class);
  private static final Set<Class<?>> COLLECTIONS = Set.of(List.class, Set.class, Map.class);

  @Test
  void stateEventsAndSteps_areRecordsAllTheWayDown() {
    Deque<Type> left =
        new ArrayDeque<>(List.of(ModelState.class, Event.class, Step.class, TrafficShift.class));
    Set<Type> seen = new HashSet<>();
    while (!left.isEmpty()) {
      Type type = left.remove();
      if (seen.add(type)) {
        left.addAll(parts(type));
      }
    }
    assertThat(seen).hasSizeGreaterThan(40);
  }

  private static List<Type> parts(Type type) {
    if (type instanceof ParameterizedType generic) {
      assertThat(COLLECTIONS).contains((Class<?>) generic.getRawType());
      return List.of(generic.getActualTypeArguments());
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isPrimitive() || plain.isEnum() || LEAVES.contains(plain)) {
      return List.of();
    }
    assertThat(Modifier.isPublic(plain.getModifiers())).as("public: " + plain).isTrue();
    if (plain.isSealed()) {
      assertThat(plain.isInterface()).as("interface: " + plain).isTrue();
      return List.of(plain.getPermittedSubclasses());
    }
    assertThat(plain.isRecord()).as("record: " + plain).isTrue();
    return List.of(plain.getRecordComponents()).stream()
        .map(RecordComponent::getGenericType)
        .toList();
  }
}
