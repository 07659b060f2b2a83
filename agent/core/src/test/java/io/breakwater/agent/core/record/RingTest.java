package io.breakwater.agent.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RingTest {
  private final Ring ring = new Ring(0);
  private final int[] block = new int[Ring.MAX_RECORD];

  private boolean write(int length, int value) {
    int offset = ring.claim(kind(length));
    if (offset < 0) {
      return false;
    }
    fill(offset, length, value);
    return true;
  }

  private static int kind(int length) {
    return (1 << Ring.LENGTH_BITS) | length;
  }

  private void fill(int offset, int length, int value) {
    for (int i = Ring.MIN_RECORD; i < length; i++) {
      ring.words()[offset + i] = value;
    }
    ring.publish(offset, ring.words()[offset + Ring.KIND]);
  }

  private List<Integer> takeAll() {
    List<Integer> values = new ArrayList<>();
    int taken = ring.take(block);
    while (taken > 0) {
      int at = 0;
      while (at < taken) {
        values.add(block[at + Ring.MIN_RECORD]);
        at += block[at] & Ring.LENGTH_MASK;
      }
      taken = ring.take(block);
    }
    return values;
  }

  @Test
  void records_comeOutAsTheyWentIn() {
    assertThat(takeAll()).isEmpty();
    assertThat(write(3, 1)).isTrue();
    assertThat(write(10, 2)).isTrue();

    assertThat(takeAll()).containsExactly(1, 2);
    assertThat(ring.used()).isZero();
  }

  @Test
  void claimedButUnpublished_holdsBackWhatIsBehind() {
    int offset = ring.claim(kind(4));
    assertThat(write(4, 2)).isTrue();
    assertThat(takeAll()).isEmpty();

    fill(offset, 4, 1);
    assertThat(takeAll()).containsExactly(1, 2);
  }

  @Test
  void closed_takesNoMoreAndIsReadPastWhatIsUnpublished() {
    for (int i = 0; i < 7; i++) {
      write(4_000, i); // so that what follows reaches the end and wraps
    }
    takeAll();
    int first = ring.claim(kind(4_000));
    write(10, 2);
    int second = ring.claim(kind(3_000)); // behind padding
    write(10, 3);
    ring.close();

    assertThat(ring.claim(kind(10))).isEqualTo(Ring.FULL);
    assertThat(takeAll()).isEmpty();
    assertThat(ring.isFinished()).isFalse();
    ring.skip();
    assertThat(takeAll()).containsExactly(2);
    fill(first, 4_000, 1); // too late
    assertThat(takeAll()).isEmpty();
    ring.skip();
    assertThat(takeAll()).containsExactly(3);
    fill(second, 3_000, 1);
    assertThat(takeAll()).isEmpty();
    assertThat(ring.isFinished()).isTrue();
  }

  @Test
  void closed_withAThreadStoppedRightAfterItsClaim_isReadAsFarAsItCanBe() {
    write(10, 1);
    int offset = ring.claim(kind(10));
    ring.words()[offset + Ring.KIND] = 0;
    write(10, 2);
    ring.close();

    assertThat(takeAll()).containsExactly(1);
    ring.skip();
    assertThat(ring.isFinished()).isTrue();
    assertThat(takeAll()).isEmpty();
  }

  @Test
  void manyLaps_ofLengthsThatNeverFitTheEnd_loseNothing() {
    int written = 0;
    for (int lap = 0; lap < 400; lap++) {
      List<Integer> expected = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        int length = 3 + (written * 37) % 400;
        assertThat(write(length, written)).isTrue();
        expected.add(written);
        written++;
      }
      assertThat(takeAll()).isEqualTo(expected);
    }
  }

  @Test
  void full_refusesAndTakesAgainOnceRead() {
    int accepted = 0;
    while (write(1000, accepted)) {
      accepted++;
    }
    assertThat(ring.claim(kind(1000))).isEqualTo(Ring.FULL);
    assertThat(accepted).isEqualTo(Ring.WORDS / 1000);
    assertThat(takeAll()).hasSize(accepted);
    assertThat(write(1000, 7)).isTrue();
    assertThat(takeAll()).containsExactly(7);
  }

  @Test
  void manyWriters_loseNothingAndTearNothing() throws InterruptedException {
    int writers = 4;
    int each = 50_000;
    AtomicLong written = new AtomicLong();
    List<Thread> threads = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      int first = writer * each;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  int value = first + i;
                  while (!write(3 + value % 30, value)) {
                    Thread.onSpinWait();
                  }
                  written.addAndGet(value);
                }
              });
      threads.add(thread);
      thread.start();
    }
    long read = 0;
    int records = 0;
    int torn = 0;
    while (records < writers * each) {
      int taken = ring.take(block);
      int at = 0;
      while (at < taken) {
        int length = block[at] & Ring.LENGTH_MASK;
        int value = block[at + Ring.MIN_RECORD];
        torn += length == 3 + value % 30 ? 0 : 1;
        for (int i = Ring.MIN_RECORD; i < length; i++) {
          torn += block[at + i] == value ? 0 : 1;
        }
        read += value;
        records++;
        at += length;
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(torn).isZero();
    assertThat(read).isEqualTo(written.get());
    assertThat(ring.take(block)).isZero();
  }
}
