package io.breakwater.agent.dist.host;

import io.breakwater.api.Breakwater;
import io.breakwater.api.Inference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One prediction on each of many threads, which all begin before the first of them ends. */
public final class ManyThreadsHost {
  private static final long STACK_BYTES = 128 << 10;

  private final CountDownLatch begun;

  private ManyThreadsHost(int threads) {
    begun = new CountDownLatch(threads);
  }

  public static void main(String[] arguments) throws Exception {
    int threads = Integer.parseInt(arguments[0]);
    Breakwater.breaker("crowd", "1"); // the threads' stacks are too short to start the agent on
    ManyThreadsHost host = new ManyThreadsHost(threads);
    if (arguments[1].equals("virtual")) {
      host.runVirtual(threads);
    } else {
      host.runPlatform(threads);
    }
    System.out.println("answered by " + threads);
  }

  private void runPlatform(int threads) throws InterruptedException {
    List<Thread> started = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(null, this::predict, "worker", STACK_BYTES);
      thread.start();
      started.add(thread);
    }
    for (Thread thread : started) {
      thread.join();
    }
  }

  private void runVirtual(int threads) throws Exception {
    ExecutorService executor =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    List<java.util.concurrent.Future<?>> tasks = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      tasks.add(executor.submit(this::predict));
    }
    for (java.util.concurrent.Future<?> task : tasks) {
      task.get();
    }
    executor.shutdown();
  }

  private void predict() {
    Inference inference = Breakwater.inference("crowd", "1").feature("f", 1);
    begun.countDown();
    try {
      begun.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    inference.score(0.5).end();
  }
}
