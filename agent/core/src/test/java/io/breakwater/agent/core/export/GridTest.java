package io.breakwater.agent.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GridTest {
  @Test
  void multiplesOfTheWallClock_areDueOnce() {
    Grid grid = new Grid(1_030, 100);
    assertThat(grid.due()).isEqualTo(1_100);
    assertThat(grid.isDue(1_099, 100)).isFalse();
    assertThat(grid.isDue(1_101, 100)).isTrue();
    assertThat(grid.isDue(1_150, 100)).isFalse();
    assertThat(grid.due()).isEqualTo(1_200);
  }

  @Test
  void startOnAMultiple_isNotDueAtOnce() {
    assertThat(new Grid(1_100, 100).isDue(1_100, 100)).isFalse();
  }

  @Test
  void multiplesSleptOver_areDueOnceTogether() {
    Grid grid = new Grid(1_030, 100);
    assertThat(grid.isDue(1_777, 100)).isTrue();
    assertThat(grid.due()).isEqualTo(1_800);
  }

  @Test
  void clockSetBack_takesTheGridAlong() {
    Grid grid = new Grid(100_030, 100);
    assertThat(grid.isDue(1_050, 100)).isFalse();
    assertThat(grid.due()).isEqualTo(1_100);
  }

  @Test
  void longerPeriod_holdsFromTheNextMultiple() {
    Grid grid = new Grid(1_030, 100);
    assertThat(grid.isDue(1_100, 1_000)).isTrue();
    assertThat(grid.due()).isEqualTo(2_000);
    assertThat(grid.isDue(1_200, 100)).as("shorter again").isFalse();
    assertThat(grid.due()).isEqualTo(1_300);
  }
}
