package io.breakwater.agent.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AgentJarTest {
  private static final int JAVA_11 = 55;

  private JarFile jar;

  @BeforeEach
  void open() throws IOException {
    jar = new JarFile(HostJvm.AGENT.toFile());
  }

  @AfterEach
  void close() throws IOException {
    jar.close();
  }

  @Test
  void onlyPremainLoaderAndHook_areInSight() {
    assertThat(names(".class"))
        .containsExactlyInAnyOrder(
            "io/breakwater/agent/bootstrap/AgentMain.class",
            "io/breakwater/agent/bootstrap/AgentClassLoader.class",
            "io/breakwater/agent/bootstrap/Hook.class",
            "io/breakwater/agent/bootstrap/package-info.class");
  }

  @Test
  void everythingElse_isBelowInst() {
    assertThat(jar.stream().map(JarEntry::getName))
        .allMatch(
            name ->
                name.startsWith("inst/")
                    || name.startsWith("META-INF/")
                    || "io/breakwater/agent/bootstrap/".startsWith(name)
                    || name.startsWith("io/breakwater/agent/bootstrap/"));
    assertThat(names(".classdata")).isNotEmpty().allMatch(name -> name.startsWith("inst/"));
  }

  @Test
  void everyClass_isForJava11OrOlder() throws IOException {
    for (String name : names(".class", ".classdata")) {
      try (DataInputStream in = new DataInputStream(jar.getInputStream(jar.getEntry(name)))) {
        assertThat(in.readInt()).as(name).isEqualTo(0xCAFEBABE);
        in.readUnsignedShort();
        assertThat(in.readUnsignedShort()).as(name).isLessThanOrEqualTo(JAVA_11);
      }
    }
  }

  @Test
  void noVersionedClasses_noHttpClient_noKotlin() {
    assertThat(jar.stream().map(JarEntry::getName))
        .noneMatch(name -> name.contains("META-INF/versions"))
        .noneMatch(name -> name.matches("inst/(okhttp3|okio|kotlin|org/jetbrains)/.*"));
  }

  @Test
  void size_isAtMost4Mb() throws IOException {
    assertThat(Files.size(HostJvm.AGENT)).isLessThanOrEqualTo(4_000_000);
  }

  @Test
  void manifest_asksForWhatTheAgentNeeds() throws IOException {
    Attributes manifest = jar.getManifest().getMainAttributes();

    assertThat(manifest.getValue("Premain-Class"))
        .isEqualTo("io.breakwater.agent.bootstrap.AgentMain");
    assertThat(manifest.getValue("Can-Retransform-Classes")).isEqualTo("true");
    assertThat(manifest.getValue("Can-Redefine-Classes")).isEqualTo("true");
    assertThat(manifest.getValue("Boot-Class-Path")).isNull();
  }

  @Test
  void entries_carryNoTimeOfBuild() {
    assertThat(jar.stream().map(JarEntry::getTime).distinct()).hasSize(1);
  }

  @Test
  void bundledLibraries_comeWithTheirLicences() throws IOException {
    assertThat(text("META-INF/NOTICE")).contains("OpenTelemetry Java", "ASM");
    assertThat(text("META-INF/LICENSE")).contains("Apache License");
    assertThat(text("META-INF/licenses/asm.txt")).contains("Redistributions in binary form");
    assertThat(names(".classdata"))
        .allMatch(
            name ->
                name.startsWith("inst/io/breakwater/")
                    || name.startsWith("inst/io/opentelemetry/")
                    || name.startsWith("inst/org/objectweb/asm/"));
  }

  @Test
  void services_listEveryInstrumentation() throws IOException {
    assertThat(
            text("inst/META-INF/services/io.breakwater.agent.core.instrument.Instrumentation")
                .lines())
        .contains("io.breakwater.agent.instrumentation.api.ApiInstrumentation")
        .anyMatch(name -> name.contains(".onnxruntime."));
  }

  private List<String> names(String... suffixes) {
    return jar.stream()
        .map(JarEntry::getName)
        .filter(name -> List.of(suffixes).stream().anyMatch(name::endsWith))
        .collect(Collectors.toList());
  }

  private String text(String name) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
