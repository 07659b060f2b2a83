package io.breakwater.agent.core.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SuperTypesTest {
  private final List<String> read = new ArrayList<>();
  private final ClassLoader loader =
      new ClassLoader(SuperTypesTest.class.getClassLoader()) {
        @Override
        public InputStream getResourceAsStream(String name) {
          read.add(name);
          return super.getResourceAsStream(name);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) {
          throw new AssertionError("loads " + name);
        }
      };

  interface Scorer {}

  interface FastScorer extends Scorer {}

  abstract static class Base implements FastScorer {}

  static class Middle extends Base {}

  static final class Leaf extends Middle {}

  abstract static class Other extends AbstractList<String> {}

  private static String name(Class<?> type) {
    return type.getName().replace('.', '/');
  }

  private static byte[] classFile(Class<?> type) throws IOException {
    try (InputStream in =
        SuperTypesTest.class.getClassLoader().getResourceAsStream(name(type) + ".class")) {
      return in.readAllBytes();
    }
  }

  @Test
  void superClassesAndInterfaces_areFoundAtAnyDepth() throws IOException {
    SuperTypes types = new SuperTypes(Set.of(name(Scorer.class), name(Base.class)));

    assertThat(types.of(loader, classFile(Leaf.class)))
        .containsExactlyInAnyOrder(name(Scorer.class), name(Base.class));
    assertThat(types.of(loader, classFile(FastScorer.class))).containsExactly(name(Scorer.class));
    assertThat(types.of(loader, classFile(Scorer.class))).isEmpty();
    assertThat(types.of(loader, classFile(Other.class))).isEmpty();
  }

  @Test
  void typesOfTheJdk_areFoundWhereTheyAreNamedDirectly() throws IOException {
    SuperTypes types = new SuperTypes(Set.of("java/util/AbstractList"));

    assertThat(types.of(loader, classFile(Other.class))).containsExactly("java/util/AbstractList");
    assertThat(read).isEmpty();
  }

  @Test
  void whatIsKnown_isNotReadAgain() throws IOException {
    SuperTypes types = new SuperTypes(Set.of(name(Scorer.class)));
    types.of(loader, classFile(Leaf.class));
    int first = read.size();

    types.of(loader, classFile(Leaf.class));
    types.of(loader, classFile(Middle.class));

    assertThat(read).hasSize(first);
  }

  @Test
  void superTypeThatIsNotThere_countsForItself() throws IOException {
    ClassLoader empty =
        new ClassLoader(null) {
          @Override
          public InputStream getResourceAsStream(String name) {
            return null;
          }
        };
    SuperTypes types = new SuperTypes(Set.of(name(Middle.class), name(Scorer.class)));

    assertThat(types.of(empty, classFile(Leaf.class))).containsExactly(name(Middle.class));
  }
}
