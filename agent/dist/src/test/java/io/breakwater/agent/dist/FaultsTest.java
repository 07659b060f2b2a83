package io.breakwater.agent.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.breakwater.agent.dist.HostJvm.Result;
import io.breakwater.agent.dist.host.DeepStackHost;
import io.breakwater.agent.dist.host.EndingHost;
import io.breakwater.agent.dist.host.HelloHost;
import io.breakwater.agent.dist.host.InterruptingHost;
import io.breakwater.agent.dist.host.JarOverwritingHost;
import io.breakwater.agent.dist.host.ManyModelsHost;
import io.breakwater.agent.dist.host.ManyRedeploysHost;
import io.breakwater.agent.dist.host.ManySessionsHost;
import io.breakwater.agent.dist.host.ManyThreadsHost;
import io.breakwater.agent.dist.host.OutOfMemoryHost;
import io.breakwater.agent.dist.host.OwnCodeHost;
import io.breakwater.agent.dist.host.WideHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The faults of docs/agent-faults.md that take one host each: it says and ends as without the
 * agent, which says one line, and what it recorded is there.
 *
 * <p>With {@code -Dbreakwater.faults=true} in larger numbers.
 */
class FaultsTest {
  private static final boolean LARGE = Boolean.getBoolean("breakwater.faults");

  /** How long a full ring stands still at most, see docs/agent-faults.md. */
  private static final long PATIENCE_MILLIS = 100;

  @TempDir private Path folder;

  /** Runs a host with and without the agent, and compares what they say and how they end. */
  private static Result sameAsWithout(
      Jdk jdk, Receiver receiver, List<String> options, Class<?> host, Object... arguments)
      throws Exception {
    String[] jvm = options.toArray(new String[0]);
    Result without = HostJvm.on(jdk).with(jvm).run(host, arguments);
    Result with = HostJvm.on(jdk).withAgent(receiver).with(jvm).run(host, arguments);

    assertThat(with.out).as(with.err.toString()).isEqualTo(without.out);
    assertThat(with.exitCode).isEqualTo(without.exitCode);
    if (host != OutOfMemoryHost.class) { // a JVM without memory complains of any agent
      assertThat(with.ownErr()).isEqualTo(without.ownErr());
    }
    return with;
  }

  private static long seenOrCounted(Receiver receiver, String model) {
    return receiver.calls(model) + receiver.dropped("ring_full") + receiver.dropped("unfinished");
  }

  @ParameterizedTest
  @MethodSource("io.breakwater.agent.dist.Jdk#promised")
  void endOfTheStack_isTheHostsAndItsCallsAreSeenAfterwards(Jdk jdk) throws Exception {
    try (Receiver receiver = Receiver.start()) {
      // interpreted, so that frames are the same every time
      Result result = sameAsWithout(jdk, receiver, List.of("-Xint"), DeepStackHost.class, 20, 1, 0);

      assertThat(result.out).containsExactly("done");
      assertThat(result.agentLines()).hasSize(1);
      assertThat(receiver.calls("after")).isEqualTo(200);
      assertThat(receiver.features("after")).containsEntry("age", 100L);
      assertThat(receiver.calls("deep")).isPositive();
    }
  }

  @ParameterizedTest
  @MethodSource("io.breakwater.agent.dist.Jdk#promised")
  void endOfTheStack_whileCodeIsBeingCompiled_blocksNothing(Jdk jdk) throws Exception {
    try (Receiver receiver = Receiver.start()) {
      // any frame may be interpreted or compiled, and a record be begun where it cannot be finished
      Result result =
          HostJvm.on(jdk)
              .withAgent(receiver)
              .run(DeepStackHost.class, LARGE ? 500 : 50, 5, 20 * PATIENCE_MILLIS);

      assertThat(result.out).as(result.err.toString()).last().isEqualTo("done");
      assertThat(result.agentLines()).hasSize(1);
      assertThat(receiver.calls("after")).isEqualTo(200);
      assertThat(receiver.features("after")).containsEntry("age", 100L);
      assertThat(receiver.calls("deep")).isPositive();
      System.out.println(jdk + ", unfinished: " + receiver.dropped("unfinished"));
    }
  }

  @ParameterizedTest
  @MethodSource("io.breakwater.agent.dist.Jdk#promised")
  void endOfTheMemory_isTheHostsAndItsCallsAreSeenAfterwards(Jdk jdk) throws Exception {
    assumeTrue(LARGE, "where memory ends is up to chance: with -Dbreakwater.faults=true");
    int times = 50;
    try (Receiver receiver = Receiver.start()) {
      Result result =
          sameAsWithout(
              jdk,
              receiver,
              List.of("-Xmx24m", "-XX:+UseSerialGC", "-Dbreakwater.flush.feature=1s"),
              OutOfMemoryHost.class,
              times);

      assertThat(result.out).last().isEqualTo("done");
      // Each time an interval may be lost, and delivery may fail and work again.
      assertThat(result.agentLines()).hasSizeLessThanOrEqualTo(1 + 3 * times);
      assertThat(receiver.calls("after")).isEqualTo(200);
    }
  }

  @Test
  void interrupts_reachTheHostAndStopNoThreadOfTheAgent() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Result result = sameAsWithout(Jdk.current(), receiver, List.of(), InterruptingHost.class);

      assertThat(result.out).containsExactly("interrupts left to the host: 50");
      assertThat(result.agentLines()).hasSize(1);
      assertThat(receiver.calls("interrupted")).isEqualTo(50);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "halt-in-hook, 7, 100, 0",
    "exit-in-hook, 3, 100, 0",
    "throw-in-hook, 3, 100, 0",
    "calls-in-hook, 3, 100, 100",
    "first-model-in-hook, 3, 0, 100",
  })
  void endOtherThanByMain_losesNoCall(String how, int exitCode, int before, int late)
      throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Result result = HostJvm.on(Jdk.current()).withAgent(receiver).run(EndingHost.class, how);

      assertThat(result.exitCode).isEqualTo(exitCode);
      assertThat(result.out).containsExactly("ends by " + how);
      assertThat(result.agentLines()).hasSize(1);
      assertThat(receiver.calls("before")).isEqualTo(before);
      assertThat(receiver.calls("late")).isEqualTo(late);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 10_000})
  void manyThreads_loseNothingUncounted(int threads) throws Exception {
    assumeTrue(threads <= 1_000 || LARGE, "10,000 threads: with -Dbreakwater.faults=true");
    try (Receiver receiver = Receiver.start()) {
      Result result =
          sameAsWithout(
              Jdk.current(), receiver, List.of(), ManyThreadsHost.class, threads, "platform");

      assertThat(result.agentLines()).hasSize(1);
      assertThat(seenOrCounted(receiver, "crowd")).isEqualTo(threads);
    }
  }

  @ParameterizedTest
  @MethodSource("io.breakwater.agent.dist.Jdk#withVirtualThreads")
  void manyVirtualThreads_loseNothingUncounted(Jdk jdk) throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Result result =
          sameAsWithout(jdk, receiver, List.of(), ManyThreadsHost.class, 10_000, "virtual");

      assertThat(result.agentLines()).hasSize(1);
      assertThat(seenOrCounted(receiver, "crowd")).isEqualTo(10_000);
    }
  }

  @Test
  void manyModels_areKeptUpToTheLimitAndTheRestIsCounted() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Result result =
          sameAsWithout(Jdk.current(), receiver, List.of(), ManyModelsHost.class, 1_000);

      assertThat(result.out).containsExactly("heap flat");
      assertThat(result.agentLines()).hasSize(1);
      assertThat(receiver.models()).hasSize(256);
      assertThat(receiver.calls("model 0")).isEqualTo(3);
      // what is beyond: 744 models of the first three rounds, and all that is ever new
      assertThat(receiver.dropped("too_many_models")).isEqualTo(3 * 744 + 2 * 50_000);
    }
  }

  @Test
  void manyFeatures_areKeptUpToTheLimitAndTheRestIsCounted() throws Exception {
    Path wide = TinyModel.write(folder, "wide", "1", 10_000);
    try (Receiver receiver = Receiver.start()) {
      Result result =
          sameAsWithout(Jdk.current(), receiver, List.of(), WideHost.class, wide, 10_000);

      assertThat(result.agentLines()).hasSize(1);
      for (String model : List.of("wide", "own")) {
        assertThat(receiver.features(model)).as(model).hasSize(65).containsEntry("other", 20L);
        assertThat(receiver.features(model).values()).containsOnly(20L);
      }
      assertThat(receiver.dropped("features_over_limit")).isPositive();
    }
  }

  @Test
  void manySessions_areOneModelAndLeaveNothingBehind() throws Exception {
    int sessions = LARGE ? 1_000 : 200;
    Path model = TinyModel.write(folder, "tiny", "5");
    try (Receiver receiver = Receiver.start()) {
      Result result =
          sameAsWithout(
              Jdk.current(), receiver, List.of(), ManySessionsHost.class, model, sessions);

      assertThat(result.out)
          .containsExactly("heap after one another: flat", "heap after all at once: flat");
      assertThat(result.agentLines()).hasSize(1);
      assertThat(receiver.models()).containsExactly("tiny");
      assertThat(receiver.calls("tiny")).isEqualTo(2L * sessions + sessions / 2);
    }
  }

  @ParameterizedTest
  @MethodSource("io.breakwater.agent.dist.Jdk#promised")
  void redeploys_leaveNothingBehind(Jdk jdk) throws Exception {
    int redeploys = LARGE ? 1_000 : 100;
    try (Receiver receiver = Receiver.start()) {
      Result result = HostJvm.on(jdk).withAgent(receiver).run(ManyRedeploysHost.class, redeploys);

      assertThat(result.out)
          .as(result.err.toString())
          .containsExactly("kept: 0", "kept: 0", "heap flat", "metaspace flat");
      assertThat(result.agentLines()).hasSize(1);
      assertThat(receiver.calls("deployed")).isEqualTo(2L * redeploys);
    }
  }

  @ParameterizedTest
  @MethodSource("io.breakwater.agent.dist.Jdk#promised")
  void noFileCanBeWritten_isNotMissed(Jdk jdk) throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Result result =
          HostJvm.on(jdk)
              .withoutFiles()
              .withAgent(receiver)
              .with("-XX:-UsePerfData", "-Djava.io.tmpdir=" + folder.resolve("absent"))
              .run(OwnCodeHost.class, 100);

      assertThat(result.out).containsExactly("true");
      assertThat(result.exitCode).isZero();
      assertThat(result.agentLines()).hasSize(1);
      assertThat(receiver.calls("credit")).isEqualTo(100);
    }
  }

  @Test
  void jarThatIsOverwritten_isNoMatterOfTheHosts() throws Exception {
    Path jar = folder.resolve("copy.jar");
    Files.copy(HostJvm.AGENT, jar);

    Result result =
        HostJvm.on(Jdk.current()).with("-javaagent:" + jar).run(JarOverwritingHost.class, jar);

    assertThat(result.out).containsExactly("true");
    assertThat(result.exitCode).isZero();
    assertThat(result.ownErr()).isEmpty();
    assertThat(result.agentLines()).hasSizeBetween(1, 3);
  }

  @ParameterizedTest
  @MethodSource("io.breakwater.agent.dist.Jdk#withSecurityManager")
  void securityManager_turnsTheAgentOffAndNothingElse(Jdk jdk) throws Exception {
    for (Class<?> host : List.of(HelloHost.class, OwnCodeHost.class)) {
      try (Receiver receiver = Receiver.start()) {
        Result result = sameAsWithout(jdk, receiver, List.of("-Djava.security.manager"), host, 7);

        assertThat(result.agentLines()).singleElement().asString().contains("off");
        assertThat(receiver.hasHeard()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void openTelemetryAgent_beforeOrAfter_doesNotMatter(boolean first) throws Exception {
    String path = System.getProperty("breakwater.otel.agent", "");
    assumeTrue(!path.isEmpty(), "no OpenTelemetry agent: -Pfaults brings one");
    for (Jdk jdk : List.of(Jdk.of("17"), Jdk.of("25"))) {
      if (!jdk.isThere()) {
        continue;
      }
      try (Receiver receiver = Receiver.start()) {
        HostJvm host = HostJvm.on(jdk);
        for (String exporter : List.of("traces", "metrics", "logs")) {
          host.with("-Dotel." + exporter + ".exporter=none");
        }
        if (first) {
          host.with("-javaagent:" + path).withAgent(receiver);
        } else {
          host.withAgent(receiver).with("-javaagent:" + path);
        }
        Path model = TinyModel.write(folder, "tiny", "5");
        Result without =
            HostJvm.on(jdk).run(io.breakwater.agent.dist.host.ScoringHost.class, model, 40);
        Result result = host.run(io.breakwater.agent.dist.host.ScoringHost.class, model, 40);

        assertThat(result.out).isEqualTo(without.out);
        assertThat(result.exitCode).isZero();
        assertThat(result.agentLines()).hasSize(1);
        assertThat(receiver.calls("tiny")).isEqualTo(40);
        assertThat(receiver.errors("tiny")).isEqualTo(10);
      }
    }
  }
}
