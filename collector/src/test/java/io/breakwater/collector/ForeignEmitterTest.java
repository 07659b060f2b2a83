package io.breakwater.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.breakwater.engine.ModelState.VersionState;
import io.breakwater.engine.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The emitter that docs/emitters.md shows, run as it stands there. */
class ForeignEmitterTest {
  private static final Path DOCS = Path.of("../docs/emitters.md");

  @TempDir Path folder;
  private CollectorFixture world;
  private Process emitter;

  @BeforeEach
  void open() throws IOException {
    world = new CollectorFixture(folder.resolve("data"));
  }

  @AfterEach
  void close() {
    if (emitter != null) {
      emitter.destroyForcibly();
    }
    world.close();
  }

  @Test
  void emitterOfTheDocs_isGuarded() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "needs /usr/bin/python3");
    world.start();
    Path script = Files.writeString(folder.resolve("emitter.py"), code("python"));

    emitter =
        new ProcessBuilder(
                "/usr/bin/python3",
                script.toString(),
                "http://127.0.0.1:" + world.collector().otlpHttpPort() + "/v1/metrics",
                "20")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();

    Await.until(
        "version 2's errors; the emitter says " + folder,
        () -> breaches("2") || !emitter.isAlive());
    assertThat(Files.readAllLines(folder.resolve("out"))).isNotEmpty().containsOnly("{}");
    assertThat(breaches("2")).isTrue();
    assertThat(breaches("1")).isFalse();
    assertThat(world.calls("1")).isPositive();
    assertThat(world.collector().models().recent(CollectorFixture.MODEL).of("1"))
        .containsKeys("score", "duration");
  }

  private boolean breaches(String version) {
    var state = world.collector().models().state(CollectorFixture.MODEL);
    VersionState one = state == null ? null : state.versions().get(version);
    return one != null
        && (one.trippedBy() != null
            || one.guardrails().values().stream().anyMatch(g -> g.verdict() == Verdict.BREACH));
  }

  private static String code(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(DOCS));
    assertThat(block.find()).isTrue();
    return block.group(1);
  }
}
