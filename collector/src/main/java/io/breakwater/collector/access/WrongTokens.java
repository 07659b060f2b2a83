package io.breakwater.collector.access;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Counts the wrong tokens that came from each address, for a minute from the first on. Of IPv6 a
 * /64 is one address: whoever has one has the others. At most {@value #MAX_ADDRESSES} are known;
 * beyond, the one that began first is forgotten. Safe for use by many threads.
 */
final class WrongTokens {
  /** Wrong tokens of one address within a minute that are looked at one by one. */
  static final int MOST = 20;

  static final int MAX_ADDRESSES = 10_000;

  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final LongSupplier nanoTime;

  /** In the order in which their minutes began. */
  private final Map<Long, Window> windows = new LinkedHashMap<>();

  private static final class Window {
    final long began;
    int wrong;

    Window(long began) {
      this.began = began;
    }
  }

  WrongTokens(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Notes a wrong token.
   *
   * @return in how many seconds the address may try again; 0 while it may
   */
  synchronized long note(InetAddress from) {
    long now = nanoTime.getAsLong();
    forgetEnded(now);
    Window window = windows.computeIfAbsent(key(from), key -> new Window(now));
    if (window.wrong < MOST) {
      window.wrong++;
      return 0;
    }
    return TimeUnit.NANOSECONDS.toSeconds(WINDOW_NANOS - (now - window.began)) + 1;
  }

  private void forgetEnded(long now) {
    Iterator<Window> oldest = windows.values().iterator();
    while (oldest.hasNext()
        && (now - oldest.next().began >= WINDOW_NANOS || windows.size() >= MAX_ADDRESSES)) {
      oldest.remove();
    }
  }

  synchronized int addresses() {
    return windows.size();
  }

  private static long key(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address
        ? ByteBuffer.wrap(bytes).getInt() & 0xffff_ffffL
        : ByteBuffer.wrap(bytes).getLong();
  }
}
