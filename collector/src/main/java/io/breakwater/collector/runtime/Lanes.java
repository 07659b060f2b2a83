package io.breakwater.collector.runtime;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.action.ActionRunner;
import io.breakwater.collector.action.Backends;
import io.breakwater.collector.action.Reports;
import io.breakwater.collector.action.Target;
import io.breakwater.collector.alert.AlertDispatcher;
import io.breakwater.collector.alert.AlertRouter;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.ModelRule;
import io.breakwater.collector.config.ConfigDiff;
import io.breakwater.collector.config.Limits;
import io.breakwater.collector.intake.Batch;
import io.breakwater.collector.intake.Drop;
import io.breakwater.collector.intake.IntakeMetrics;
import io.breakwater.collector.intake.Point;
import io.breakwater.collector.intake.PointSink;
import io.breakwater.collector.intake.Series;
import io.breakwater.collector.store.InputLog;
import io.breakwater.collector.store.Journal;
import io.breakwater.collector.store.Store;
import io.breakwater.engine.Engine;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.backend.SettingException;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.reference.ReferenceSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All lanes: one per model, each on one of a few threads. Safe for use by many threads.
 *
 * <p>A model has a lane from the start when the configuration names it, and from its first point
 * otherwise; one that no rule fits is watched, shown as unguarded and not judged.
 */
public final class Lanes implements Models, PointSink, Reports, AutoCloseable {
  /** Points that may wait for lanes before senders are asked to come back. */
  private static final int MAX_PENDING = 200_000;

  private static final int THREADS = 2;

  /** The first loads classes, the others have them compiled. */
  private static final int WARM_UPS = 10;

  private static final Logger log = LoggerFactory.getLogger(Lanes.class);

  private final LongSupplier nanoTime;
  private final IntakeMetrics metrics;
  private final ActionRunner actions;
  private final Effects effects;
  private final Instances instances;
  private final Journal journal;
  private final InputLog inputs;
  private final HistoryKeeper keeper;
  private final Map<String, ModelState> saved;
  private final PaneGrid grid;
  private final List<LaneThread> threads = new ArrayList<>();
  private final Map<String, Seat> seats = new ConcurrentHashMap<>();
  private final AtomicInteger pending = new AtomicInteger();
  private final Map<String, ReferenceSet> given;
  private final CellQuota quota = CellQuota.ofHeap();
  private final List<Consumer<CollectorConfig>> reloads = new ArrayList<>();
  private volatile Rules rules;

  /**
   * Lanes for {@code config}; {@link #start} sets them going.
   *
   * @throws io.breakwater.collector.store.StoreException when saved states cannot be read
   */
  public Lanes(
      CollectorConfig config,
      Backends backends,
      Store store,
      AlertDispatcher alerts,
      AlertRouter router,
      IntakeMetrics metrics,
      Clock clock,
      LongSupplier nanoTime) {
    this.metrics = requireNonNull(metrics, "metrics");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    this.journal = store.journal();
    this.inputs = store.inputs();
    this.saved = store.states();
    this.given = new ConcurrentHashMap<>(journal.references());
    this.rules = new Rules(config, given);
    this.quota.use(config.limits());
    this.instances = new Instances(nanoTime);
    this.grid = new PaneGrid(notBefore(saved, clock.instant()), nanoTime.getAsLong());
    this.actions = new ActionRunner(backends, nanoTime, this);
    this.effects = new Effects(journal, actions, alerts, router);
    this.keeper = new HistoryKeeper(store, this::settled, model -> rules.of(model) != null, clock);
    for (int i = 0; i < THREADS; i++) {
      threads.add(new LaneThread(i, "breakwater-lane-" + i, grid, nanoTime, effects::changed));
    }
  }

  /** Time never goes back over a restart, even if the wall clock was set back. */
  private static Instant notBefore(Map<String, ModelState> saved, Instant now) {
    return saved.values().stream()
        .map(ModelState::now)
        .filter(now::isBefore)
        .max(Comparator.naturalOrder())
        .orElse(now);
  }

  /**
   * Sets the lanes going: first those that were saved, then those the configuration names.
   *
   * @throws io.breakwater.engine.backend.SettingException when a backend's setting is wrong
   */
  public void start() {
    for (int i = 0; i < WARM_UPS; i++) {
      journal.warmUp(WarmUp.trip(warmUpModel(), grid.at(nanoTime.getAsLong())));
    }
    journal.start();
    inputs.start();
    targets(rules, model -> true).forEach(actions::setTarget);
    saved.keySet().stream()
        .filter(model -> rules.of(model) != null)
        .forEach(model -> seats.computeIfAbsent(model, this::open));
    rules.namedModels().forEach(this::seat);
    threads.forEach(LaneThread::start);
    actions.watch(this::states);
    keeper.start();
  }

  private String warmUpModel() {
    return rules.namedModels().stream().findFirst().orElse("warm-up");
  }

  private void resume(Lane lane, Instant now) {
    ModelPolicy policy = rules.policy(lane.model());
    if (!policy.equals(lane.state().policy())) {
      lane.step(new Event.PolicyChanged(lane.timeOf(now), policy));
    }
    lane.step(new Event.Resumed(lane.timeOf(now)));
  }

  /** Gives a lane the prepared reference that its policy asks for, unless it has it. */
  private void give(Lane lane, Instant now) {
    ReferenceSet reference = rules.reference(lane.model());
    ReferenceSet known = lane.state().references().prepared();
    if (reference != null && (known == null || !known.digest().equals(reference.digest()))) {
      lane.step(new Event.ReferenceGiven(lane.timeOf(now), reference));
    }
  }

  @Override
  public boolean isBehind() {
    return pending.get() > MAX_PENDING;
  }

  @Override
  public Map<Drop, Long> offer(Batch batch) {
    Map<Drop, Long> refused = new EnumMap<>(Drop.class);
    @Nullable Share[] shares = new Share[THREADS];
    // No lane has more than half of what may wait for it while that is all that waits.
    int waiting = limits().waitingPoints() / 2;
    boolean counted = pending.get() + batch.size() > waiting;
    Seat last = null;
    String lastInstance = "";
    for (int i = 0; i < batch.size(); i++) {
      Series series = batch.series(i);
      Seat seat;
      if (series != null) {
        seat = batch.lane(i) instanceof Seat known && known.owner() == this ? known : seat(series);
      } else if (batch.point(i) instanceof Point.OfModel ofModel) {
        seat = seat(ofModel.model());
      } else {
        if (batch.point(i) instanceof Point.Beat beat) {
          beat(beat, shares, batch, counted);
        }
        continue;
      }
      if (seat == null) {
        refused.merge(Drop.TOO_MANY_MODELS, 1L, Long::sum);
      } else if (counted && !seat.admits(waiting)) {
        refused.merge(Drop.LANE_FULL, 1L, Long::sum);
      } else {
        if (series == null || !series.isFeature()) {
          String instance = batch.instance(i);
          if (seat != last || !instance.equals(lastInstance)) {
            instances.served(instance, seat.lane().model());
            last = seat;
            lastInstance = instance;
          }
        }
        share(shares, seat.thread(), batch, counted).add(seat, i);
      }
    }
    for (LaneThread thread : threads) {
      Share share = shares[thread.index()];
      if (share != null) {
        hand(thread, share);
      }
    }
    return refused;
  }

  private Share share(@Nullable Share[] shares, LaneThread thread, Batch batch, boolean counted) {
    Share share = shares[thread.index()];
    if (share == null) {
      share = new Share(batch, quota, counted);
      shares[thread.index()] = share;
    }
    return share;
  }

  private void beat(Point.Beat beat, @Nullable Share[] shares, Batch batch, boolean counted) {
    for (String model : instances.beat(beat.instance())) {
      Seat seat = seats.get(model);
      if (seat != null) {
        share(shares, seat.thread(), batch, counted).add(seat, beat);
      }
    }
  }

  private void hand(LaneThread thread, Share share) {
    pending.addAndGet(share.size());
    thread.submit(
        now -> {
          pending.addAndGet(-share.size());
          share.deliver();
        });
  }

  private @Nullable Seat seat(Series series) {
    Object known = series.lane();
    if (known instanceof Seat seat && seat.owner() == this) {
      return seat;
    }
    Seat seat = seat(series.model());
    if (seat != null) {
      series.attachLane(seat);
    }
    return seat;
  }

  private Limits limits() {
    return rules.config().limits();
  }

  /** The lane of a model, made when there is room; null when there is none. */
  private @Nullable Seat seat(String model) {
    Seat seat = seats.get(model);
    if (seat != null || seats.size() >= limits().models()) {
      return seat;
    }
    return seats.computeIfAbsent(model, this::open);
  }

  /** Takes a model up where it was left, or begins with it. */
  private Seat open(String model) {
    Rules now = rules;
    ModelState known = saved.get(model);
    ModelState state =
        known != null ? known : Engine.start(now.policy(model), grid.at(nanoTime.getAsLong()));
    Seat seat = open(state, now.of(model) != null);
    state.instances().keySet().forEach(instance -> instances.served(instance, model));
    seat.thread()
        .submit(
            at -> {
              if (known != null) {
                resume(seat.lane(), at);
              }
              give(seat.lane(), at);
            });
    if (!actions.hasTarget(model)) {
      try {
        actions.setTarget(model, target(now, model));
      } catch (SettingException e) {
        log.error("Model {} has no target: backend.{}", model, e.getMessage());
      }
    }
    return seat;
  }

  private Seat open(ModelState state, boolean guarded) {
    String model = state.policy().model();
    LaneThread thread = threads.get(Math.floorMod(model.hashCode(), THREADS));
    ModelTotals totals = new ModelTotals(model, () -> limits().versions(), nanoTime);
    Lane lane = new Lane(state, guarded, totals, metrics, quota, effects, inputs::add);
    thread.submit(at -> thread.add(lane));
    return new Seat(this, lane, thread);
  }

  @Override
  public void report(String model, Function<Instant, Event> made) {
    Seat seat = seats.get(model);
    if (seat != null) {
      seat.thread()
          .submit(
              now -> {
                Event event = made.apply(seat.lane().timeOf(now));
                if (event instanceof Event.ShiftReported report) {
                  effects.reported(report);
                }
                seat.lane().step(event);
              });
    }
  }

  /** States that are saved: of guarded models, and not ahead of the journal. */
  private List<ModelState> settled() {
    return seats.values().stream()
        .map(Seat::lane)
        .filter(lane -> lane.guarded() && !lane.hasUnwritten())
        .map(Lane::published)
        .toList();
  }

  @Override
  public List<ModelState> states() {
    return seats.values().stream()
        .map(seat -> seat.lane().published())
        .sorted((a, b) -> a.policy().model().compareTo(b.policy().model()))
        .toList();
  }

  @Override
  public @Nullable ModelState state(String model) {
    Seat seat = seats.get(model);
    return seat == null ? null : seat.lane().published();
  }

  /** What was received of every model, by name. */
  public List<ModelTotals> totals() {
    return seats.values().stream()
        .map(seat -> seat.lane().totals())
        .sorted((a, b) -> a.model().compareTo(b.model()))
        .toList();
  }

  @Override
  public CompletionStage<OrderOutcome> order(
      String model,
      String version,
      Event.Verb verb,
      String by,
      String reason,
      @Nullable Duration expires,
      @Nullable String decision) {
    CompletableFuture<OrderOutcome> outcome = new CompletableFuture<>();
    Seat seat = seats.get(model);
    if (seat == null) {
      outcome.completeExceptionally(
          new IllegalArgumentException(
              "model: " + model + " (expected: one of " + List.copyOf(seats.keySet()) + ")"));
      return outcome;
    }
    seat.thread()
        .submit(
            now -> {
              Lane lane = seat.lane();
              Set<String> known = new LinkedHashSet<>(lane.state().versions().keySet());
              if (!known.contains(version)) {
                outcome.completeExceptionally(
                    new IllegalArgumentException(
                        "version: "
                            + version
                            + " of "
                            + model
                            + " (expected: one of "
                            + known
                            + ")"));
                return;
              }
              Event order =
                  new Event.Ordered(lane.timeOf(now), verb, version, by, reason, expires, decision);
              Orders.complete(outcome, lane.step(order), version);
            });
    return outcome;
  }

  @Override
  public List<JsonNode> decisions(@Nullable String model, @Nullable Instant since, int limit) {
    return journal.decisions(model, since, limit);
  }

  @Override
  public List<JsonNode> decision(String id) {
    return journal.decision(id);
  }

  @Override
  public void addListener(Listener listener) {
    effects.add(listener);
  }

  @Override
  public RecentSignals recent(String model) {
    Seat seat = seats.get(model);
    return seat == null ? RecentSignals.none() : seat.lane().recent();
  }

  @Override
  public CompletionStage<@Nullable String> pin(String model, ReferenceSet reference) {
    Rules now = rules;
    if (now.of(model) == null) {
      return CompletableFuture.completedFuture(
          "no rule of " + now.config().source() + " fits model " + model);
    }
    if (now.hasReferenceFile(model)) {
      return CompletableFuture.completedFuture(
          "the reference of model "
              + model
              + " is a file that "
              + now.config().source()
              + " names");
    }
    return journal
        .putReference(model, reference)
        .thenApply(
            written -> {
              given.put(model, reference);
              use(model);
              return null;
            });
  }

  /** Has a model's lane take over policy and reference as they are now, if there is a lane. */
  private void use(String model) {
    Seat seat = seats.get(model);
    if (seat != null) {
      seat.thread()
          .submit(
              now -> {
                Lane lane = seat.lane();
                lane.step(new Event.PolicyChanged(lane.timeOf(now), rules.policy(model)));
                give(lane, now);
              });
    }
  }

  /** Has {@code reload} told of every configuration that is taken. */
  public void onReload(Consumer<CollectorConfig> reload) {
    reloads.add(reload);
  }

  @Override
  public synchronized void reload(CollectorConfig config) {
    Rules next = new Rules(config, given);
    Rules before = rules;
    Map<String, @Nullable Target> targets =
        targets(next, model -> !sameTarget(before, next, model));
    rules = next;
    quota.use(config.limits());
    targets.forEach(actions::setTarget);
    next.namedModels().forEach(this::seat);
    for (Seat seat : seats.values()) {
      Lane lane = seat.lane();
      seat.thread()
          .submit(
              now -> {
                lane.setGuarded(next.of(lane.model()) != null);
                lane.step(new Event.PolicyChanged(lane.timeOf(now), next.policy(lane.model())));
                give(lane, now);
              });
    }
    reloads.forEach(reload -> reload.accept(config));
  }

  /** Whether a model's target stays as it is, with whatever it is doing. */
  private static boolean sameTarget(Rules before, Rules after, String model) {
    ModelRule was = before.of(model);
    ModelRule is = after.of(model);
    return Objects.equals(was == null ? null : was.backend(), is == null ? null : is.backend())
        && before.config().security().outgoing().equals(after.config().security().outgoing());
  }

  /** Writes down that another configuration is in force, and tells listeners. */
  public void noteReload(Instant at, String by, CollectorConfig config, ConfigDiff diff) {
    journal.note(ReloadRecord.of(at, by, config, diff), effects::recorded);
  }

  /** The targets of those models that are known or named; fails before any is used. */
  private Map<String, @Nullable Target> targets(Rules of, Predicate<String> wanted) {
    Set<String> models = new LinkedHashSet<>(of.namedModels());
    models.addAll(seats.keySet());
    Map<String, @Nullable Target> targets = new HashMap<>();
    models.removeIf(wanted.negate());
    for (String model : models) {
      targets.put(model, target(of, model));
    }
    return targets;
  }

  private @Nullable Target target(Rules of, String model) {
    ModelRule rule = of.of(model);
    Map<String, Object> settings = rule == null ? null : rule.backend();
    return settings == null ? null : actions.target(model, settings, of.config().security());
  }

  /** Stops actions, then lanes; saves the states. */
  @Override
  public void close() {
    actions.close();
    threads.forEach(LaneThread::stop);
    effects.close();
    keeper.close();
  }
}
