package io.breakwater.agent.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.dist.HostJvm.Result;
import io.breakwater.agent.dist.host.ChildFirstHost;
import io.breakwater.agent.dist.host.ManyLoadersHost;
import io.breakwater.agent.dist.host.OwnCodeHost;
import io.breakwater.agent.dist.host.RedeployingHost;
import io.breakwater.agent.dist.host.ScoringHost;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What leaves a host's JVM is what the host did, and the host does what it did. */
class SeenCallsTest {
  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void writeModel() throws Exception {
    model = TinyModel.write(folder, "tiny", "5");
  }

  @ParameterizedTest
  @MethodSource("io.breakwater.agent.dist.Jdk#promised")
  void scoringHost_isSeenAndAnswersTheSame(Jdk jdk) throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Result without = HostJvm.on(jdk).run(ScoringHost.class, model, 40);
      Result with = HostJvm.on(jdk).withAgent(receiver).run(ScoringHost.class, model, 40);

      assertSame(with, without);
      assertSeen(receiver);
    }
  }

  @ParameterizedTest
  @MethodSource("io.breakwater.agent.dist.Jdk#promised")
  void patchedClasses_passTheVerifierOfEveryClass(Jdk jdk) throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Result result =
          HostJvm.on(jdk)
              .withAgent(receiver)
              .with("-XX:+UnlockDiagnosticVMOptions", "-XX:+BytecodeVerificationLocal")
              .with("-XX:+BytecodeVerificationRemote")
              .run(ScoringHost.class, model, 40);

      assertThat(result.exitCode).isZero();
      assertSeen(receiver);
    }
  }

  @ParameterizedTest
  @MethodSource("io.breakwater.agent.dist.Jdk#promised")
  void hostOnTheModulePath_isSeen(Jdk jdk) throws Exception {
    Path onnxruntime = HostJvm.locationOf(ai.onnxruntime.OrtSession.class);
    Path module = compileModule("ScoringHost", "com.microsoft.onnxruntime", onnxruntime);
    try (Receiver receiver = Receiver.start()) {
      Result result =
          HostJvm.on(jdk)
              .withAgent(receiver)
              .with("-p", module + File.pathSeparator + onnxruntime, "-m", "host/host.ModuleHost")
              .start(model, 40);

      assertThat(result.exitCode).as(result.err.toString()).isZero();
      assertThat(result.out).first().isEqualTo("module host");
      assertSeen(receiver);
    }
  }

  @ParameterizedTest
  @MethodSource("io.breakwater.agent.dist.Jdk#promised")
  void apiOnTheModulePath_isConnected(Jdk jdk) throws Exception {
    Path api = HostJvm.locationOf(io.breakwater.api.Breakwater.class);
    Path module = compileModule("OwnCodeHost", "io.breakwater.api", api);
    try (Receiver receiver = Receiver.start()) {
      Result result =
          HostJvm.on(jdk)
              .withAgent(receiver)
              .with("-p", module + File.pathSeparator + api, "-m", "host/host.ModuleHost")
              .start(40);

      assertThat(result.exitCode).as(result.err.toString()).isZero();
      assertThat(result.out).containsExactly("module host", "true");
      assertThat(result.agentLines()).hasSize(1);
      assertThat(result.ownErr()).isEmpty();
      assertThat(receiver.calls("credit")).isEqualTo(40);
      assertThat(receiver.errors("credit")).isEqualTo(4);
    }
  }

  /** A named module of a host that requires one other; says its name first. */
  private Path compileModule(String host, String required, Path at) throws Exception {
    Path sources = Files.createDirectories(folder.resolve("source/host"));
    Path info = folder.resolve("source/module-info.java");
    Files.writeString(info, "module host { requires " + required + "; }");
    Path main = sources.resolve("ModuleHost.java");
    String code =
        Files.readString(Path.of("src/test/java/io/breakwater/agent/dist/host", host + ".java"));
    Files.writeString(
        main,
        code.replace("package io.breakwater.agent.dist.host;", "package host;")
            .replace(host, "ModuleHost")
            .replace(
                "    int calls =",
                "    System.out.println(ModuleHost.class.getModule());\n    int calls ="));
    Path classes = folder.resolve("classes");
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "--release",
                "11",
                "-d",
                classes.toString(),
                "-p",
                at.toString(),
                info.toString(),
                main.toString());
    assertThat(failed).isZero();
    return classes;
  }

  @Test
  void exitInTheMiddle_losesNothing() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Result result =
          HostJvm.on(Jdk.current()).withAgent(receiver).run(ScoringHost.class, model, 40, 3);

      assertThat(result.exitCode).isEqualTo(3);
      assertSeen(receiver);
    }
  }

  @Test
  void libraryInAChildFirstLoader_isSeen() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Result result =
          HostJvm.on(Jdk.current())
              .withAgent(receiver)
              .run(ChildFirstHost.class, ScoringHost.class.getName(), model, 40);

      assertThat(result.out).last().isEqualTo("ChildFirst");
      assertSeen(receiver);
    }
  }

  @ParameterizedTest
  @MethodSource("io.breakwater.agent.dist.Jdk#promised")
  void manyThreadsAndLoadersAtOnce_allLoad(Jdk jdk) throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Result result = HostJvm.on(jdk).withAgent(receiver).run(ManyLoadersHost.class, 40);

      assertThat(result.out).containsExactly("120");
      assertThat(result.agentLines()).hasSize(1);
      assertThat(result.ownErr()).isEmpty();
    }
  }

  @Test
  void anotherAgent_beforeOrAfter_doesNotMatter() throws Exception {
    Path other = OtherAgent.jar(folder);
    for (boolean first : List.of(true, false)) {
      try (Receiver receiver = Receiver.start()) {
        HostJvm host = HostJvm.on(Jdk.current());
        if (first) {
          host.with("-javaagent:" + other).withAgent(receiver);
        } else {
          host.withAgent(receiver).with("-javaagent:" + other);
        }

        Result result = host.run(ScoringHost.class, model, 40);

        assertThat(result.exitCode).isZero();
        assertThat(result.err).anyMatch(line -> line.equals("other agent saw OrtSession"));
        assertSeen(receiver);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.breakwater.agent.dist.Jdk#promised")
  void ownCode_isSeenThroughTheApi(Jdk jdk) throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Result without = HostJvm.on(jdk).run(OwnCodeHost.class, 200);
      Result with = HostJvm.on(jdk).withAgent(receiver).run(OwnCodeHost.class, 200);

      assertSame(with, without);
      assertThat(receiver.calls("credit")).isEqualTo(200);
      assertThat(receiver.errors("credit")).isEqualTo(20);
      assertThat(receiver.features("credit"))
          .containsEntry("age", 180L)
          .containsEntry("income", 180L);
      assertThat(receiver.categories("credit", "region").values()).containsExactly(180L);
      assertThat(receiver.categories("credit", "region")).doesNotContainKey("north");
    }
  }

  @ParameterizedTest
  @MethodSource("io.breakwater.agent.dist.Jdk#promised")
  void droppedApplication_isCollected(Jdk jdk) throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Result result = HostJvm.on(jdk).withAgent(receiver).run(RedeployingHost.class, 200);

      assertThat(result.out).containsExactly("true", "collected");
      assertThat(receiver.calls("credit")).isEqualTo(200);
    }
  }

  private static void assertSame(Result with, Result without) {
    assertThat(with.out).isEqualTo(without.out);
    assertThat(with.exitCode).isEqualTo(without.exitCode);
    assertThat(with.ownErr()).isEqualTo(without.ownErr());
    assertThat(with.agentLines()).hasSize(1);
  }

  private static void assertSeen(Receiver receiver) {
    assertThat(receiver.calls("tiny")).isEqualTo(40);
    assertThat(receiver.errors("tiny")).isEqualTo(10);
    assertThat(receiver.features("tiny")).containsEntry("age", 30L).containsEntry("income", 30L);
  }
}
