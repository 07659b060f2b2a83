package io.breakwater.agent.dist.host;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Loads and links the classes that the agent patches, in many loaders at once. */
public final class ManyLoadersHost {
  private static final int THREADS = 12;
  private static final String[] CLASSES = {
    "ai.onnxruntime.OrtSession", "io.breakwater.api.Breakwater", "ai.onnxruntime.OrtEnvironment",
  };

  private ManyLoadersHost() {}

  public static void main(String[] arguments) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Callable<Integer>> loads = new ArrayList<>();
    for (int loader = 0; loader < Integer.parseInt(arguments[0]); loader++) {
      ClassLoader shared = new ChildFirstHost.ChildFirst();
      for (String name : CLASSES) {
        loads.add(() -> shared.loadClass(name).getDeclaredMethods().length);
      }
    }
    int linked = 0;
    for (Future<Integer> load : threads.invokeAll(loads)) {
      linked += load.get() > 0 ? 1 : 0;
    }
    threads.shutdown();
    System.out.println(linked);
  }
}
