package io.breakwater.agent.core.record;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The series of all models of the process. Every method takes the store's lock; serving threads
 * only come here once per model, to resolve their handle.
 */
final class SeriesStore {
  /*
   * A handle has a number, the number leads to an entry, the entry to a model's streams.
   *
   * 1. A version that takes time to find (a digest of a large file) is pending: its streams fill but
   *    are not flushed. Once it is known they become those of the identity. If that identity has
   *    streams already, the handle is bound to them, and what was collected meanwhile goes out once,
   *    as an interval of its own.
   * 2. A model of which all handles have been collected is forgotten after its next feature flush.
   * 3. A number is a place in the list of entries and how often the place has been used, so places
   *    are used again, and a late record with an old number finds nothing.
   */

  private static final int PLACE_BITS = 20;
  private static final int MOST_PLACES = 1 << PLACE_BITS;

  /** One handle and where its records go. */
  private static final class Entry {
    private final int number;
    private final WeakReference<ModelSeries> handle;
    private final Schema schema;
    private final ModelStreams streams;
    private final Binding binding;

    Entry(ModelSeries handle, Schema schema, ModelStreams streams, Binding binding) {
      this.number = handle.index();
      this.handle = new WeakReference<>(handle);
      this.schema = schema;
      this.streams = streams;
      this.binding = binding;
    }
  }

  /** A model whose version is not known yet. */
  private static final class Pending {
    private final String name;
    private final CompletableFuture<String> version;
    private final String framework;
    private final ModelStreams streams;

    Pending(
        String name, CompletableFuture<String> version, String framework, ModelStreams streams) {
      this.name = name;
      this.version = version;
      this.framework = framework;
      this.streams = streams;
    }

    ModelIdentity identity() {
      return SeriesStore.identity(name, version, framework);
    }
  }

  private final Limits limits;
  private final ErrorTypes errorTypes;
  private final Drops drops;
  private final EpochClock clock;
  private final List<@Nullable Entry> entries = new ArrayList<>();
  private final Deque<Integer> freeNumbers = new ArrayDeque<>();
  private final Map<ModelIdentity, ModelStreams> models = new HashMap<>();
  private final List<Pending> pending = new ArrayList<>();

  SeriesStore(Limits limits, ErrorTypes errorTypes, Drops drops, EpochClock clock) {
    this.limits = limits;
    this.errorTypes = errorTypes;
    this.drops = drops;
    this.clock = clock;
  }

  /** The handle for a model's calls of a schema; null if there are too many models. */
  synchronized @Nullable ModelSeries series(ModelIdentity identity, Schema schema) {
    ModelStreams known = models.get(identity);
    if (known != null) {
      ModelSeries existing = existing(known, schema);
      return existing != null ? existing : newHandle(known, schema);
    }
    ModelStreams streams = newStreams();
    if (streams == null) {
      return null;
    }
    models.put(identity, streams);
    return newHandle(streams, schema);
  }

  /** The same for a model whose version becomes known later, or never. */
  synchronized @Nullable ModelSeries series(
      String name, CompletableFuture<String> version, String framework, Schema schema) {
    if (version.isDone()) {
      return series(identity(name, version, framework), schema);
    }
    ModelStreams streams = newStreams();
    if (streams == null) {
      return null;
    }
    pending.add(new Pending(name, version, framework, streams));
    return newHandle(streams, schema);
  }

  private static ModelIdentity identity(
      String name, CompletableFuture<String> known, String framework) {
    String version = known.exceptionally(failure -> ModelIdentity.UNKNOWN_VERSION).join();
    return ModelIdentity.of(name, version, framework);
  }

  private @Nullable ModelStreams newStreams() {
    if (models.size() + pending.size() >= Limits.MAX_MODELS) {
      drops.add(Drops.Reason.TOO_MANY_MODELS);
      return null;
    }
    return new ModelStreams(limits, errorTypes, drops, clock.nanos());
  }

  private @Nullable ModelSeries existing(ModelStreams streams, Schema schema) {
    for (Entry entry : entries) {
      if (entry != null && entry.streams == streams && entry.schema.equals(schema)) {
        ModelSeries handle = entry.handle.get();
        if (handle != null) {
          return handle;
        }
      }
    }
    return null;
  }

  private @Nullable ModelSeries newHandle(ModelStreams streams, Schema schema) {
    if (freeNumbers.isEmpty() && entries.size() == MOST_PLACES) {
      drops.add(Drops.Reason.TOO_MANY_MODELS);
      return null;
    }
    int number = freeNumbers.isEmpty() ? newPlace() : freeNumbers.remove();
    int own = streams.admit(schema.features(), clock.nanos());
    ModelSeries handle =
        new ModelSeries(
            number,
            own,
            schema.featureCount() - own,
            schema.outputs().size(),
            schema.categoricalFeatures().size(),
            schema.measures().size());
    entries.set(place(number), entry(handle, schema, streams));
    return handle;
  }

  private int newPlace() {
    entries.add(null);
    return entries.size() - 1;
  }

  private static int place(int number) {
    return number & (MOST_PLACES - 1);
  }

  private Entry entry(ModelSeries handle, Schema schema, ModelStreams streams) {
    Binding binding = new Binding(streams, schema, handle, limits.maxCategories(), clock.nanos());
    return new Entry(handle, schema, streams, binding);
  }

  /** Counts an outcome; that of a model which is forgotten is a drop. */
  synchronized void outcome(ModelIdentity identity, String outcome) {
    ModelStreams streams = models.get(identity);
    if (streams == null) {
      drops.add(Drops.Reason.UNKNOWN_PREDICTION);
    } else {
      streams.outcome(outcome);
    }
  }

  /** Files a block of records. */
  synchronized void file(int[] block, int length) {
    int at = 0;
    while (at < length) {
      int number = block[at + RecordWords.SERIES];
      Entry entry = entries.get(place(number));
      if (entry != null && entry.number == number) {
        entry.binding.file(block, at);
      }
      at += block[at] & Ring.LENGTH_MASK;
    }
  }

  /** How many model versions have series. */
  synchronized int models() {
    return models.size() + pending.size();
  }

  /** Sends out what the outcome lane carries: calls, scores, classes. */
  synchronized void flushOutcomes(PointSink sink, long nowNanos) {
    settle(sink, nowNanos);
    models.forEach((identity, streams) -> streams.flushOutcomes(identity, sink, nowNanos));
  }

  /** Sends out what the feature lane carries. */
  synchronized void flushFeatures(PointSink sink, long nowNanos) {
    models.forEach((identity, streams) -> streams.flushFeatures(identity, sink, nowNanos));
    forgetCollected();
  }

  private void settle(PointSink sink, long nowNanos) {
    Iterator<Pending> open = pending.iterator();
    while (open.hasNext()) {
      Pending model = open.next();
      if (model.version.isDone()) {
        open.remove();
        settle(model, sink, nowNanos);
      }
    }
  }

  private void settle(Pending model, PointSink sink, long nowNanos) {
    ModelIdentity identity = model.identity();
    ModelStreams same = models.putIfAbsent(identity, model.streams);
    if (same == null) {
      return;
    }
    model.streams.flushOutcomes(identity, sink, nowNanos);
    model.streams.flushFeatures(identity, sink, nowNanos);
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      ModelSeries handle = entry == null ? null : entry.handle.get();
      if (entry != null && entry.streams == model.streams) {
        if (handle == null) {
          free(i, entry);
        } else {
          entries.set(i, entry(handle, entry.schema, same));
        }
      }
    }
  }

  private void forgetCollected() {
    Set<ModelStreams> alive = new HashSet<>();
    pending.forEach(model -> alive.add(model.streams));
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (entry != null && entry.handle.get() == null) {
        free(i, entry);
      } else if (entry != null) {
        alive.add(entry.streams);
      }
    }
    models.values().retainAll(alive);
  }

  private void free(int place, Entry entry) {
    entries.set(place, null);
    freeNumbers.add(entry.number + MOST_PLACES); // wraps around, which is as good
  }

  /** How many places there are, in use or not. */
  synchronized int places() {
    return entries.size();
  }
}
