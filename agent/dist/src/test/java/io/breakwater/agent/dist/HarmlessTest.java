package io.breakwater.agent.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.dist.HostJvm.Result;
import io.breakwater.agent.dist.host.HelloHost;
import io.breakwater.agent.dist.host.OwnCodeHost;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with the agent, its host answers and ends as without it. */
class HarmlessTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("io.breakwater.agent.dist.Jdk#promised")
  void host_saysAndEndsAsWithoutTheAgent(Jdk jdk) throws Exception {
    for (Object[] arguments : new Object[][] {{}, {"7"}, {"throw"}}) {
      Result without = HostJvm.on(jdk).run(HelloHost.class, arguments);
      Result with = HostJvm.on(jdk).withAgent().run(HelloHost.class, arguments);

      assertThat(with.out).isEqualTo(without.out);
      assertThat(with.exitCode).isEqualTo(without.exitCode);
      assertThat(with.ownErr()).isEqualTo(without.ownErr());
      assertThat(with.err).hasSize(without.err.size() + 1);
    }
  }

  @Test
  void startLine_saysVersionLibrariesAndEndpoint() throws Exception {
    Result result =
        HostJvm.on(Jdk.current())
            .withAgent()
            .with("-Dbreakwater.endpoint=http://collector.example:4318")
            .run(HelloHost.class);

    assertThat(result.agentLines()).hasSize(1);
    assertThat(result.agentLines().get(0))
        .containsPattern("[0-9]+\\.[0-9]+\\.[0-9]+")
        .contains("ONNX Runtime")
        .contains("http://collector.example:4318");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-Dbreakwater.enabled=false", "argument", "variable", "OTEL_SDK_DISABLED"})
  void killSwitch_turnsItOff(String how) throws Exception {
    try (Receiver receiver = Receiver.start()) {
      HostJvm host = HostJvm.on(Jdk.current()).with("-Dbreakwater.endpoint=" + receiver.url());
      switch (how) {
        case "argument":
          host.with("-javaagent:" + HostJvm.AGENT + "=enabled=false");
          break;
        case "variable":
          host.withAgent().withVariable("BREAKWATER_ENABLED", "false");
          break;
        case "OTEL_SDK_DISABLED":
          host.withAgent().withVariable("OTEL_SDK_DISABLED", "true");
          break;
        default:
          host.withAgent().with(how);
      }

      Result result = host.run(OwnCodeHost.class, 100);

      assertThat(result.out).containsExactly("true");
      assertThat(result.exitCode).isZero();
      assertThat(result.agentLines()).singleElement().asString().contains("off");
      assertThat(receiver.hasHeard()).isFalse();
    }
  }

  @Test
  void endpointDown_isOneLine() throws Exception {
    int unused;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      unused = socket.getLocalPort();
    }
    Result result =
        HostJvm.on(Jdk.current())
            .withAgent()
            .with("-Dbreakwater.endpoint=http://127.0.0.1:" + unused)
            .run(OwnCodeHost.class, 1_000);

    assertThat(result.out).containsExactly("true");
    assertThat(result.exitCode).isZero();
    assertThat(result.ownErr()).isEmpty();
    assertThat(result.agentLines()).hasSizeLessThanOrEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 500, 503})
  void endpointThatAnswersGarbage_isOneLine(int status) throws Exception {
    try (Receiver receiver = Receiver.start()) {
      receiver.answerWith(status);
      Result result = HostJvm.on(Jdk.current()).withAgent(receiver).run(OwnCodeHost.class, 1_000);

      assertThat(result.out).containsExactly("true");
      assertThat(result.exitCode).isZero();
      assertThat(result.ownErr()).isEmpty();
      assertThat(result.agentLines()).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void garbageInTheConfigFile_isToldAndIgnored() throws Exception {
    Path garbage = folder.resolve("agent.properties");
    Files.write(garbage, new byte[] {'\\', 'u', 'z', 'z', 0, (byte) 0xFF, '\n', '=', 'a', 0x1B});

    Result result =
        HostJvm.on(Jdk.current())
            .withAgent()
            .with("-Dbreakwater.config=" + garbage)
            .run(HelloHost.class);

    assertThat(result.out).containsExactly("hello");
    assertThat(result.exitCode).isZero();
    assertThat(result.ownErr()).isEmpty();
    assertThat(result.agentLines()).hasSizeGreaterThan(1);
  }

  @Test
  void noConfigFile_isToldAndIgnored() throws Exception {
    Result result =
        HostJvm.on(Jdk.current())
            .withAgent()
            .with("-Dbreakwater.config=" + folder.resolve("absent.properties"))
            .run(HelloHost.class);

    assertThat(result.out).containsExactly("hello");
    assertThat(result.agentLines()).hasSize(2);
    assertThat(result.agentLines().get(1)).contains("absent.properties");
  }

  @Test
  void unknownKey_isNamedWithTheNearest() throws Exception {
    Result result =
        HostJvm.on(Jdk.current())
            .withAgent()
            .with("-Dbreakwater.endpiont=http://localhost:1")
            .run(HelloHost.class);

    assertThat(result.out).containsExactly("hello");
    assertThat(result.agentLines()).hasSize(2);
    assertThat(result.agentLines().get(1))
        .contains("breakwater.endpiont")
        .contains("breakwater.endpoint");
  }

  @Test
  void noFolderForTemporaryFiles_isNotMissed() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Result result =
          HostJvm.on(Jdk.current())
              .withAgent(receiver)
              .with("-Djava.io.tmpdir=" + folder.resolve("absent"))
              .run(OwnCodeHost.class, 100);

      assertThat(result.exitCode).isZero();
      assertThat(receiver.calls("credit")).isEqualTo(100);
    }
  }

  @Test
  void sameAgentTwice_isOneAgent() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      Result result =
          HostJvm.on(Jdk.current()).withAgent(receiver).withAgent().run(OwnCodeHost.class, 100);

      assertThat(result.out).containsExactly("true");
      assertThat(result.agentLines()).hasSize(2);
      assertThat(receiver.calls("credit")).isEqualTo(100);
    }
  }

  @Test
  void damagedJar_isOneLine() throws Exception {
    Path damaged = folder.resolve("damaged.jar");
    copyWithout("inst/io/breakwater/agent/core/", damaged);

    Result result =
        HostJvm.on(Jdk.current()).with("-javaagent:" + damaged).run(OwnCodeHost.class, 10);

    assertThat(result.out).containsExactly("true");
    assertThat(result.exitCode).isZero();
    assertThat(result.err).singleElement().asString().startsWith("breakwater: off");
  }

  @Test
  void jarWithoutItsPatcher_isOneLineMore() throws Exception {
    Path damaged = folder.resolve("damaged.jar");
    copyWithout("inst/org/objectweb/asm/", damaged);

    Result result =
        HostJvm.on(Jdk.current()).with("-javaagent:" + damaged).run(OwnCodeHost.class, 10);

    assertThat(result.out).containsExactly("true");
    assertThat(result.exitCode).isZero();
    assertThat(result.err).hasSize(2).allMatch(line -> line.startsWith("breakwater: "));
  }

  private static void copyWithout(String left, Path copy) throws IOException {
    try (JarFile jar = new JarFile(HostJvm.AGENT.toFile());
        OutputStream file = Files.newOutputStream(copy);
        JarOutputStream out = new JarOutputStream(file)) {
      Enumeration<JarEntry> entries = jar.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        if (!entry.getName().startsWith(left)) {
          out.putNextEntry(new JarEntry(entry.getName()));
          try (InputStream in = jar.getInputStream(entry)) {
            in.transferTo(out);
          }
        }
      }
    }
  }
}
