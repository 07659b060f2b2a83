package io.breakwater.agent.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DigestsTest {
  private final Digests digests = new Digests();

  @Test
  void manyFiles_areReadOneAfterTheOther() throws InterruptedException {
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(500);
    for (int i = 0; i < 500; i++) {
      assertThat(
              digests.offer(
                  () -> {
                    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                    atOnce.decrementAndGet();
                    done.countDown();
                  }))
          .isTrue();
    }
    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(most).hasValue(1);
  }

  @Test
  void tooManyFiles_areRefused() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    digests.offer(
        () -> {
          begun.countDown();
          try {
            end.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    begun.await();
    for (int i = 0; i < Digests.MOST_WAITING; i++) {
      assertThat(digests.offer(() -> {})).isTrue();
    }
    assertThat(digests.offer(() -> {})).isFalse();
    end.countDown();
  }
}
