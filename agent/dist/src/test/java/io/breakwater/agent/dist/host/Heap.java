package io.breakwater.agent.dist.host;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;

/** What a host's memory holds once it has been collected. */
final class Heap {
  static final long MIB = 1 << 20;

  private Heap() {}

  /** Bytes of the heap in use: the least of a few looks. */
  static long used() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int look = 0; look < 5; look++) {
      System.gc();
      Thread.sleep(20);
      long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      least = Math.min(least, used);
    }
    return least;
  }

  /** Bytes of class metadata in use. */
  static long metaspace() {
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().equals("Metaspace")) {
        return pool.getUsage().getUsed();
      }
    }
    throw new AssertionError("no metaspace");
  }

  /** A line that is the same for every growth that is allowed. */
  static String verdict(String what, long before, long after) {
    long grown = after - before;
    return grown <= MIB ? what + " flat" : what + " grown by " + grown + " bytes";
  }
}
