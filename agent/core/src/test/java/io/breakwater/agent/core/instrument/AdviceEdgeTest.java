package io.breakwater.agent.core.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.core.record.Drops;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdviceEdgeTest {
  private final List<String> problems = new ArrayList<>();
  private final Drops drops = new Drops();
  private final FragileAdvice advice = new FragileAdvice();
  private final AdviceEdge edge =
      new AdviceEdge(advice, drops, (problem, cause) -> problems.add(problem + ": " + cause));

  /** Throws what it is told to. */
  private static final class FragileAdvice implements Advice {
    private Throwable next;
    private int calls;

    @Override
    public void exit(long startNanos, Object self, Object arg0, Object result) {
      call();
    }

    @Override
    public void fail(long startNanos, Object self, Object arg0, Throwable failure) {
      call();
    }

    private void call() {
      calls++;
      if (next != null) {
        FragileAdvice.<RuntimeException>sneak(next);
      }
    }

    @SuppressWarnings("unchecked") // the type argument is a lie that lets anything through
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
      throw (T) thrown;
    }
  }

  @Test
  void whateverTheAdviceThrows_staysBehindTheEdge() {
    for (Throwable thrown :
        List.of(new IllegalStateException(), new OutOfMemoryError(), new Exception("checked"))) {
      advice.next = thrown;
      edge.exit("result", 1, this, null);
      edge.fail(new IllegalStateException(), 1, this, null);
    }

    assertThat(advice.calls).isEqualTo(6);
    assertThat(problems).singleElement().asString().contains("could not read a call");
  }

  @Test
  void manyFailuresInARow_turnTheAdviceOff() {
    advice.next = new IllegalStateException();
    for (int i = 0; i < AdviceEdge.MOST_FAILURES + 5; i++) {
      edge.exit("result", 1, this, null);
    }

    assertThat(advice.calls).isEqualTo(AdviceEdge.MOST_FAILURES);
    assertThat(drops.count(Drops.Reason.AGENT_ERROR)).isEqualTo(AdviceEdge.MOST_FAILURES + 5);
    assertThat(problems).hasSize(2).last().asString().contains("is off after 100 failures");
  }

  @Test
  void wantOfMemoryOrStack_neverTurnsTheAdviceOff() {
    advice.next = new StackOverflowError();
    for (int i = 0; i < 3 * AdviceEdge.MOST_FAILURES; i++) {
      edge.exit("result", 1, this, null);
    }

    assertThat(advice.calls).isEqualTo(3 * AdviceEdge.MOST_FAILURES);
    assertThat(problems).hasSize(1);
  }

  @Test
  void successInBetween_keepsTheAdviceOn() {
    for (int i = 0; i < 3 * AdviceEdge.MOST_FAILURES; i++) {
      advice.next = i % 50 == 49 ? null : new IllegalStateException();
      edge.exit("result", 1, this, null);
    }

    assertThat(advice.calls).isEqualTo(3 * AdviceEdge.MOST_FAILURES);
  }

  @Test
  void tellingFails_isCaughtToo() {
    AdviceEdge mute =
        new AdviceEdge(
            advice,
            drops,
            (problem, cause) -> {
              throw new IllegalStateException("no console");
            });
    advice.next = new IllegalStateException();

    mute.exit("result", 1, this, null);
    mute.exit("result", 1, this, null);

    assertThat(advice.calls).isEqualTo(2);
  }
}
