package io.breakwater.agent.core.model;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads model files, one after the other, on a daemon thread that ends when there is nothing left
 * to read: a process may open a thousand models at once. Safe for use by many threads.
 */
final class Digests implements Runnable {
  static final Digests INSTANCE = new Digests();

  /** Files that wait at most. */
  static final int MOST_WAITING = 1_000;

  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private boolean running;

  Digests() {}

  /** Leaves work to the thread; false if too much waits already. */
  synchronized boolean offer(Runnable work) {
    if (waiting.size() == MOST_WAITING) {
      return false;
    }
    waiting.add(work);
    if (!running) {
      start();
      running = true;
    }
    return true;
  }

  private void start() {
    Thread thread = new Thread(null, this, "breakwater-digest", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
  }

  @Override
  public void run() {
    Runnable next = next();
    while (next != null) {
      next.run();
      next = next();
    }
  }

  private synchronized @Nullable Runnable next() {
    running = !waiting.isEmpty();
    return waiting.poll();
  }
}
