package io.breakwater.collector.runtime;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Which serving process serves which models, so that its heartbeats reach their lanes. Bounded;
 * processes silent for {@link #FORGET} are forgotten. Safe for use by many threads.
 */
final class Instances {
  static final int MAX = 100_000;
  static final Duration FORGET = Duration.ofMinutes(10);

  private final LongSupplier nanoTime;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private volatile long sweptNanos;

  Instances(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.sweptNanos = nanoTime.getAsLong();
  }

  /** Notes that {@code instance} serves the model. */
  void served(String instance, String model) {
    if (instance.isEmpty()) {
      return;
    }
    Entry entry = entries.get(instance);
    if (entry == null) {
      sweepIfDue();
      if (entries.size() >= MAX) {
        return;
      }
      entry = entries.computeIfAbsent(instance, i -> new Entry());
    }
    entry.lastNanos = nanoTime.getAsLong();
    entry.models.add(model);
  }

  /** The models whose lanes hear this instance's heartbeat. */
  Set<String> beat(String instance) {
    Entry entry = entries.get(instance);
    if (entry == null) {
      return Set.of();
    }
    entry.lastNanos = nanoTime.getAsLong();
    return entry.models;
  }

  private void sweepIfDue() {
    long now = nanoTime.getAsLong();
    if (now - sweptNanos > FORGET.toNanos() / 10) {
      sweptNanos = now;
      entries.values().removeIf(entry -> now - entry.lastNanos > FORGET.toNanos());
    }
  }

  private static final class Entry {
    private final Set<String> models = ConcurrentHashMap.newKeySet();
    private volatile long lastNanos;
  }
}
