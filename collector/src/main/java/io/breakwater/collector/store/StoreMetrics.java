package io.breakwater.collector.store;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What is worth watching of the files. Safe for use by many threads. */
public final class StoreMetrics {
  private StoreMetrics() {}

  /** Adds the metrics of {@code store} to {@code registry}. */
  public static void register(Store store, PrometheusRegistry registry) {
    Histogram commits =
        Histogram.builder()
            .name("breakwater_journal_commit_seconds")
            .help("Time that a transaction of the journal took until it was on disk.")
            .classicUpperBounds(
                0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
            .register(registry);
    store.journal().onCommit((begun, ended, shifts) -> commits.observe((ended - begun) / 1e9));
    GaugeWithCallback.builder()
        .name("breakwater_journal_waiting")
        .help("Entries and notes that wait to be written to the journal.")
        .callback(gauge -> gauge.call(store.journal().waiting()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("breakwater_store_failing")
        .help("1 while the file cannot be written, else 0.")
        .labelNames("file")
        .callback(
            gauge -> {
              gauge.call(failing(store.journal().trouble()), "journal.db");
              gauge.call(failing(store.history().trouble()), "history.db");
              gauge.call(failing(store.inputs().trouble()), "replay.db");
            })
        .register(registry);
    GaugeWithCallback.builder()
        .name("breakwater_store_bytes")
        .help("Size of the file on disk, its log included.")
        .labelNames("file")
        .callback(gauge -> store.sizes().forEach((file, bytes) -> gauge.call((double) bytes, file)))
        .register(registry);
    CounterWithCallback.builder()
        .name("breakwater_replay_lost_total")
        .help("Stretches of received inputs that could not be kept for replay.")
        .callback(counter -> counter.call((double) store.inputs().lost()))
        .register(registry);
  }

  private static int failing(Trouble trouble) {
    return trouble.episode() == null ? 0 : 1;
  }
}
