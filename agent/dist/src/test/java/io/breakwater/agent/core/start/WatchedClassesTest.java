package io.breakwater.agent.core.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Instrumenter;
import io.breakwater.agent.core.instrument.Target;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WatchedClassesTest {

  @Test
  void classesThatWakeTheAgent_areThoseThatItPatches() {
    Set<String> targets = new TreeSet<>();
    Set<String> homes = new TreeSet<>();
    for (Instrumentation each : Instrumenter.installed()) {
      for (Target target : each.targets()) {
        targets.add(target.className().replace('.', '/'));
        if (target.home() != null) {
          homes.add(target.home().replace('.', '/'));
        }
      }
    }

    assertThat(LibraryWatch.CLASSES).containsExactlyInAnyOrderElementsOf(targets);
    assertThat(LibraryWatch.HOMES).containsExactlyInAnyOrderElementsOf(homes);
  }
}
