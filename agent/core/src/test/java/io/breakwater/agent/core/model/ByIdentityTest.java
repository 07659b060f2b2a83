package io.breakwater.agent.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ByIdentityTest {
  private final ByIdentity<Object, Object> known = new ByIdentity<>(Object::new);

  /** Equal to all others of its kind. */
  private static final class Model {
    @Override
    public boolean equals(Object other) {
      return other instanceof Model;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  @Test
  void eachModel_hasItsOwnEntryForGood() {
    List<Model> models = new ArrayList<>();
    Map<Object, Model> entries = new IdentityHashMap<>();
    for (int i = 0; i < 100; i++) {
      Model model = new Model();
      models.add(model);
      entries.put(known.of(model), model);
    }
    assertThat(entries).hasSize(100);
    for (Model model : models) {
      assertThat(entries.get(known.of(model))).isSameAs(model);
    }
  }

  @Test
  void modelsThatAreGone_areForgotten() {
    WeakReference<Model> gone = addOne();
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (gone.get() != null && System.nanoTime() < deadline) {
      System.gc();
    }
    assertThat(gone.get()).isNull();
  }

  private WeakReference<Model> addOne() {
    Model model = new Model();
    known.of(model);
    return new WeakReference<>(model);
  }
}
