package io.breakwater.agent.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.core.export.RequestQueue.Request;
import org.junit.jupiter.api.Test;

class RequestQueueTest {
  private long flushes;

  private Request request(int bytes, int points) {
    return new Request(new byte[bytes], points, flushes++);
  }

  @Test
  void requestsOfOneFlush_doNotPushEachOtherOut() {
    RequestQueue queue = new RequestQueue(2, 10);
    queue.put(new Request(new byte[5], 1, 7));
    for (int i = 0; i < 4; i++) {
      assertThat(queue.put(new Request(new byte[5], 1, 8))).isEqualTo(i == 1 ? 1 : 0);
    }
    assertThat(queue.size()).isEqualTo(4);

    assertThat(queue.put(new Request(new byte[5], 1, 9))).isEqualTo(3);
    assertThat(queue.size()).isEqualTo(2);
  }

  @Test
  void hurry_endsPausesButNotTheQueue() throws InterruptedException {
    RequestQueue queue = new RequestQueue(2, 10);
    queue.hurry();
    assertThat(queue.pause(60_000)).isTrue();

    Request request = request(1, 1);
    queue.put(request);
    assertThat(queue.awaitFirst()).isSameAs(request);
  }

  @Test
  void tooMany_pushesOutTheOldest() throws InterruptedException {
    RequestQueue queue = new RequestQueue(2, 1_000);
    Request second = request(1, 2);
    assertThat(queue.put(request(1, 1))).isZero();
    assertThat(queue.put(second)).isZero();
    assertThat(queue.put(request(1, 3))).isEqualTo(1);

    assertThat(queue.awaitFirst()).isSameAs(second);
    assertThat(queue.size()).isEqualTo(2);
    assertThat(queue.bytes()).isEqualTo(2);
  }

  @Test
  void tooLarge_pushesOutAsManyAsNeeded() {
    RequestQueue queue = new RequestQueue(100, 10);
    queue.put(request(4, 1));
    queue.put(request(4, 2));
    assertThat(queue.put(request(8, 4))).isEqualTo(3);
    assertThat(queue.bytes()).isEqualTo(8);
    assertThat(queue.put(request(50, 8))).as("one is always kept").isEqualTo(4);
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void pushedOutWhileItIsSent_isNotRemovedTwice() {
    RequestQueue queue = new RequestQueue(1, 10);
    Request first = request(1, 1);
    Request second = request(1, 1);
    queue.put(first);
    queue.put(second);

    assertThat(queue.remove(first)).isFalse();
    assertThat(queue.remove(second)).isTrue();
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void closed_endsTheWait() throws InterruptedException {
    RequestQueue queue = new RequestQueue(1, 10);
    queue.close();

    assertThat(queue.awaitFirst()).isNull();
    assertThat(queue.pause(60_000)).isTrue();
    assertThat(queue.awaitEmpty(60_000)).isTrue();
  }
}
