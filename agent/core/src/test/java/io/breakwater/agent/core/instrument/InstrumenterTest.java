package io.breakwater.agent.core.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class InstrumenterTest {
  private static final ClassLoader LOADER = InstrumenterTest.class.getClassLoader();

  private final Instrumenter instrumenter =
      new Instrumenter(List.of(new ModelsAndTheirKind()), TestHook.NAME);

  /** Sees every kind of model, and one class by name. */
  private static final class ModelsAndTheirKind implements Instrumentation {
    @Override
    public String name() {
      return "test";
    }

    @Override
    public List<Target> targets() {
      return List.of(
          Target.of(Model.class.getName(), "predict", descriptor -> true, "advice")
              .withSubtypes("home."),
          Target.of(Loader.class.getName(), "load", descriptor -> true, "advice"));
    }
  }

  abstract static class Model {
    abstract double predict(double[] row);
  }

  static final class Linear extends Model {
    @Override
    double predict(double[] row) {
      return row[0];
    }
  }

  static final class Unrelated {
    double predict(double[] row) {
      return row[0];
    }
  }

  static class Loader {
    Model load() {
      return new Linear();
    }
  }

  static final class FastLoader extends Loader {
    @Override
    Model load() {
      return new Linear();
    }
  }

  private byte[] patch(Class<?> type) throws IOException {
    String name = type.getName().replace('.', '/');
    try (InputStream in = LOADER.getResourceAsStream(name + ".class")) {
      return instrumenter.patch(LOADER, name, in.readAllBytes());
    }
  }

  @Test
  void subtypes_arePatchedWhereTheTargetSaysSo() throws IOException {
    assertThat(patch(Linear.class)).isNotNull();
    assertThat(patch(Unrelated.class)).isNull();
    assertThat(patch(Loader.class)).isNotNull();
    assertThat(patch(FastLoader.class)).isNull();
  }

  @Test
  void otherClasses_areLookedAtOnceTheSuperTypeIsThere() throws IOException {
    patch(Loader.class);
    assertThat(instrumenter.looksAtSuperTypes()).isFalse();

    patch(Model.class);
    assertThat(instrumenter.looksAtSuperTypes()).isTrue();
  }
}
