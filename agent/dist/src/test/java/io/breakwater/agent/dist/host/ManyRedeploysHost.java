package io.breakwater.agent.dist.host;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * Deploys an application again and again, each time in a loader of its own that looks into its own
 * class path first, and says whether the old ones are gone and what they left behind.
 */
public final class ManyRedeploysHost {
  private static final String[] LIBRARY = {
    "ai.onnxruntime.OrtSession", "ai.onnxruntime.OrtEnvironment",
  };

  private ManyRedeploysHost() {}

  public static void main(String[] arguments) throws Exception {
    int redeploys = Integer.parseInt(arguments[0]);
    List<WeakReference<ClassLoader>> dropped = new ArrayList<>();
    deploy(redeploys / 4, dropped);
    awaitCollected(dropped);
    long heap = Heap.used();
    long metaspace = Heap.metaspace();
    deploy(redeploys - redeploys / 4, dropped);
    awaitCollected(dropped);
    System.out.println(Heap.verdict("heap", heap, Heap.used()));
    System.out.println(Heap.verdict("metaspace", metaspace, Heap.metaspace()));
  }

  private static void deploy(int times, List<WeakReference<ClassLoader>> dropped) throws Exception {
    for (int time = 0; time < times; time++) {
      ChildFirstHost.ChildFirst loader = new ChildFirstHost.ChildFirst();
      for (String name : LIBRARY) {
        loader.loadClass(name).getDeclaredMethods(); // links it, which verifies it
      }
      loader
          .loadClass(DeployedApplication.class.getName())
          .getMethod("answer", int.class)
          .invoke(null, time);
      loader.close();
      dropped.add(new WeakReference<>(loader));
    }
  }

  private static void awaitCollected(List<WeakReference<ClassLoader>> dropped)
      throws InterruptedException {
    long end = System.nanoTime() + 60_000_000_000L;
    while (kept(dropped) > 0 && System.nanoTime() < end) {
      System.gc();
      Thread.sleep(20);
    }
    System.out.println("kept: " + kept(dropped));
  }

  private static long kept(List<WeakReference<ClassLoader>> dropped) {
    return dropped.stream().filter(loader -> loader.get() != null).count();
  }
}
