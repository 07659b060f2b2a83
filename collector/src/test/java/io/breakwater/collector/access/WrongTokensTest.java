package io.breakwater.collector.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WrongTokensTest {
  private long now = -5;
  private final WrongTokens wrong = new WrongTokens(() -> now);

  @Test
  void anAddressWaits_untilItsMinuteIsOver() throws Exception {
    assertThat(notes("10.0.0.1", 20)).isZero();
    assertThat(notes("10.0.0.1", 1)).isEqualTo(61);
    assertThat(notes("10.0.0.2", 1)).isZero();

    now += TimeUnit.SECONDS.toNanos(59);
    assertThat(notes("10.0.0.1", 1)).isEqualTo(2);
    now += TimeUnit.SECONDS.toNanos(1);
    assertThat(notes("10.0.0.1", 20)).isZero();
    assertThat(notes("10.0.0.1", 1)).isPositive();
  }

  @Test
  void addressesOfOneIpv6Network_areOne() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertThat(notes("2001:db8:1:2::" + i, 1)).isZero();
    }

    assertThat(notes("2001:db8:1:2:ffff::1", 1)).isPositive();
    assertThat(notes("2001:db8:1:3::1", 1)).isZero();
  }

  @Test
  void memory_isBounded_andWhatEndedIsForgotten() throws Exception {
    for (int i = 0; i < WrongTokens.MAX_ADDRESSES + 5_000; i++) {
      wrong.note(InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i}));
    }
    assertThat(wrong.addresses()).isEqualTo(WrongTokens.MAX_ADDRESSES);

    now += TimeUnit.MINUTES.toNanos(1);
    assertThat(notes("10.9.9.9", 1)).isZero();
    assertThat(wrong.addresses()).isEqualTo(1);
  }

  /** The answer to the last of so many. */
  private long notes(String address, int count) throws UnknownHostException {
    long wait = 0;
    for (int i = 0; i < count; i++) {
      wait = wrong.note(InetAddress.getByName(address));
    }
    return wait;
  }
}
