package io.breakwater.collector;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for something that another thread brings about, with a deadline. */
public final class Await {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private Await() {}

  /** Returns once {@code condition} holds. */
  public static void until(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + DEADLINE + ": " + what);
      }
      Thread.sleep(5);
    }
  }

  /** The first value that is not null. */
  public static <T> T value(String what, Supplier<T> supplier) throws InterruptedException {
    until(what, () -> supplier.get() != null);
    return supplier.get();
  }
}
