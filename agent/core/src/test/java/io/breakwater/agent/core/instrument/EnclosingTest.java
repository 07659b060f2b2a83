package io.breakwater.agent.core.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.core.model.ModelDescription;
import io.breakwater.agent.core.record.ModelIdentity;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EnclosingTest {
  private final Enclosing outer = open("credit", "3");

  private static Enclosing open(String model, String version) {
    return Enclosing.open(ModelDescription.of(ModelIdentity.of(model, version, "")), false);
  }

  @AfterEach
  void close() {
    outer.close();
  }

  @Test
  void innermostOpen_isCurrent() {
    Enclosing inner = open("limit", "1");
    assertThat(Enclosing.current()).isSameAs(inner);

    inner.close();
    assertThat(Enclosing.current()).isSameAs(outer);
    assertThat(outer.model()).hasToString("credit 3");

    outer.close();
    assertThat(Enclosing.current()).isNull();
  }

  @Test
  void outerClosedFirst_innerStaysCurrent() {
    Enclosing inner = open("limit", "1");

    outer.close();
    assertThat(Enclosing.current()).isSameAs(inner);

    inner.close();
    assertThat(Enclosing.current()).isNull();
  }

  @Test
  void otherThread_seesNone() {
    assertThat(CompletableFuture.supplyAsync(Enclosing::current).join()).isNull();
  }

  @Test
  void closedOnAnotherThread_isNoLongerCurrent() {
    CompletableFuture.runAsync(outer::close).join();

    assertThat(Enclosing.current()).isNull();
  }

  @Test
  void closedTwice_hasNoFurtherEffect() {
    Enclosing inner = open("limit", "1");
    inner.close();
    inner.close();

    assertThat(Enclosing.current()).isSameAs(outer);
  }
}
