package io.breakwater.agent.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.dist.HostJvm.Result;
import io.breakwater.agent.dist.host.CatboostHost;
import io.breakwater.agent.dist.host.DjlHost;
import io.breakwater.agent.dist.host.H2oHost;
import io.breakwater.agent.dist.host.LightgbmHost;
import io.breakwater.agent.dist.host.TribuoHost;
import io.breakwater.agent.dist.host.XgboostHost;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts of the other libraries: what they did leaves their JVM, and they do what they did. */
class LibraryCallsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      classes = {
        XgboostHost.class,
        LightgbmHost.class,
        CatboostHost.class,
        H2oHost.class,
        TribuoHost.class
      })
  void libraryOfItsOwn_isSeenAndAnswersTheSame(Class<?> host) throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Result without = HostJvm.on(Jdk.current()).withLibraries().run(host, folder);
      Result with = HostJvm.on(Jdk.current()).withAgent(receiver).withLibraries().run(host, folder);

      assertSame(with, without);
      assertThat(receiver.models()).containsExactly("credit");
      assertThat(receiver.calls("credit")).isEqualTo(42);
      assertThat(receiver.errors("credit")).isEqualTo(2);
      assertThat(receiver.features("credit")).containsEntry("age", 40L).containsKey("debt");
    }
  }

  @Test
  void libraryOnTopOfAnother_isOneCallWithTheFeaturesOfTheOtherOnce() throws Exception {
    Path model = TinyModel.write(folder, "tiny", "5");
    try (Receiver receiver = Receiver.start()) {
      Result without = HostJvm.on(Jdk.current()).withLibraries().run(DjlHost.class, model);
      Result with =
          HostJvm.on(Jdk.current()).withAgent(receiver).withLibraries().run(DjlHost.class, model);

      assertSame(with, without);
      assertThat(receiver.models()).containsExactly("tiny");
      assertThat(receiver.calls("tiny")).isEqualTo(42);
      assertThat(receiver.errors("tiny")).isEqualTo(2);
      assertThat(receiver.features("tiny"))
          .containsOnlyKeys("age", "income")
          .containsEntry("age", 60L);
    }
  }

  private static void assertSame(Result with, Result without) {
    assertThat(without.exitCode).as(without.err.toString()).isZero();
    assertThat(with.out).isEqualTo(without.out).hasSizeGreaterThan(20);
    assertThat(with.exitCode).isEqualTo(without.exitCode);
    assertThat(with.agentLines())
        .as(with.err.toString())
        .singleElement()
        .asString()
        .contains("sends to");
  }
}
