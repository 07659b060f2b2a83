package io.breakwater.collector.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Twice by default; {@code -Dbreakwater.kills=100} is the whole trial, see docs/data-folder.md. */
class KillTest {
  private static final int KILLS = Integer.getInteger("breakwater.kills", 2);
  private static final long SEED = Long.getLong("breakwater.kills.seed", 20261121L);

  @TempDir Path folder;

  @Test
  void collectorThatIsKilled_losesNothingAndDoesNothingTwice() throws Exception {
    try (Trial trial = new Trial(folder, SEED)) {
      List<String> violations = trial.run(KILLS);

      System.out.println("killed: " + trial.summary());
      assertThat(violations).isEmpty();
    }
  }
}
