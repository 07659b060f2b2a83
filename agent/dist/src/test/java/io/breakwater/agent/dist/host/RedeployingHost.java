package io.breakwater.agent.dist.host;

import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;

/** Runs another host in a class loader of its own, drops it, and waits until it is collected. */
public final class RedeployingHost {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private RedeployingHost() {}

  public static void main(String[] arguments) throws Exception {
    WeakReference<ClassLoader> dropped = deploy(arguments);
    long begin = System.nanoTime();
    while (dropped.get() != null && System.nanoTime() - begin < DEADLINE_NANOS) {
      System.gc();
      Thread.yield();
    }
    System.out.println(dropped.get() == null ? "collected" : "kept");
  }

  private static WeakReference<ClassLoader> deploy(String[] arguments) throws Exception {
    ChildFirstHost.ChildFirst loader = new ChildFirstHost.ChildFirst();
    loader
        .loadClass(OwnCodeHost.class.getName())
        .getMethod("main", String[].class)
        .invoke(null, (Object) arguments);
    loader.close();
    return new WeakReference<>(loader);
  }
}
