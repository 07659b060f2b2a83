package io.breakwater.collector.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.runtime.Models;
import io.breakwater.collector.runtime.RecentSignals;
import io.breakwater.engine.Engine;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Pane;
import io.breakwater.engine.Pane.InstancePane;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.Then;
import io.breakwater.engine.reference.ReferenceSet;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Models whose states come from the real engine and whose records come from a file. */
public final class FakeModels implements Models {
  /** End of the last pane of every state. */
  public static final Instant NOW = Instant.parse("2026-11-21T02:20:10Z");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What was ordered. */
  public record Order(
      String model,
      String version,
      Event.Verb verb,
      String by,
      String reason,
      @Nullable Duration expires,
      @Nullable String decision) {}

  public final List<Order> orders = new CopyOnWriteArrayList<>();
  public final List<Listener> listeners = new CopyOnWriteArrayList<>();
  public final List<ModelState> states = new CopyOnWriteArrayList<>();
  public final List<JsonNode> records = new CopyOnWriteArrayList<>();
  public final Map<String, ReferenceSet> pinned = new ConcurrentHashMap<>();
  public volatile RecentSignals recent = RecentSignals.none();
  public volatile @Nullable String pinRefusal;
  public volatile CompletionStage<OrderOutcome> answer =
      CompletableFuture.completedFuture(
          new OrderOutcome("20261121T022010.000Z-credit-2-8", "FORCED_OPEN", "version 2 is out"));

  /** Model {@code credit} with a stable version 1 and a canary 2, and one trip in the records. */
  public static FakeModels credit() {
    FakeModels models = new FakeModels();
    models.states.add(healthy("credit"));
    models.records.addAll(read("trip.ndjson"));
    return models;
  }

  /** Records of a file beside this class, oldest first. */
  public static List<JsonNode> read(String name) {
    try (InputStream in = FakeModels.class.getResourceAsStream("/records/" + name)) {
      List<JsonNode> records = new ArrayList<>();
      for (String line : new String(in.readAllBytes(), "UTF-8").split("\n")) {
        records.add(JSON.readTree(line));
      }
      return records;
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** Ten seconds of a healthy model: 80 calls/s of version 1, 20 calls/s of version 2. */
  public static ModelState healthy(String model) {
    ModelPolicy policy =
        ModelPolicy.of(
            model,
            "1",
            Mode.ENFORCE,
            List.of(
                new Guardrail.ErrorsAgainstStable(
                    "errors against stable", 1e-4, Then.TRIP, Breaches.AT_ONCE, null)),
            BreakerSettings.DEFAULTS,
            "webhook",
            "d1ce57");
    Instant start = NOW.minusSeconds(10);
    ModelState state = Engine.start(policy, start);
    for (int i = 0; i < 100; i++) {
      Instant from = start.plusMillis(100L * i);
      Pane pane =
          new Pane(
              from,
              from.plusMillis(100),
              List.of(new VersionPane("1", 8, 0, Map.of()), new VersionPane("2", 2, 0, Map.of())),
              List.of(new InstancePane("i-1", 1, Map.of("1", 8L, "2", 2L))));
      state = Engine.step(state, new Event.PaneClosed(pane)).next();
    }
    return state;
  }

  @Override
  public List<ModelState> states() {
    return states;
  }

  @Override
  public @Nullable ModelState state(String model) {
    return states.stream()
        .filter(state -> state.policy().model().equals(model))
        .findFirst()
        .orElse(null);
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
    orders.add(new Order(model, version, verb, by, reason, expires, decision));
    return answer;
  }

  @Override
  public List<JsonNode> decisions(@Nullable String model, @Nullable Instant since, int limit) {
    List<JsonNode> newestFirst = new ArrayList<>();
    for (JsonNode entry : records) {
      boolean fits = model == null || model.equals(entry.path("model").asText());
      boolean fresh = since == null || !Instant.parse(entry.path("at").asText()).isBefore(since);
      if (fits && fresh) {
        newestFirst.add(0, entry);
      }
    }
    return newestFirst.subList(0, Math.min(limit, newestFirst.size()));
  }

  @Override
  public List<JsonNode> decision(String id) {
    return records.stream().filter(entry -> id.equals(entry.path("decision").asText())).toList();
  }

  @Override
  public RecentSignals recent(String model) {
    return recent;
  }

  @Override
  public CompletionStage<@Nullable String> pin(String model, ReferenceSet reference) {
    if (pinRefusal == null) {
      pinned.put(model, reference);
    }
    return CompletableFuture.completedFuture(pinRefusal);
  }

  @Override
  public void reload(CollectorConfig config) {}

  @Override
  public void addListener(Listener listener) {
    listeners.add(listener);
  }
}
