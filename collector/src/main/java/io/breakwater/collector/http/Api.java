package io.breakwater.collector.http;

import static com.linecorp.armeria.common.HttpMethod.GET;
import static com.linecorp.armeria.common.HttpMethod.POST;
import static com.linecorp.armeria.common.HttpMethod.PUT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import io.breakwater.collector.access.Need;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.ConfigDiff;
import io.breakwater.collector.config.ConfigException;
import io.breakwater.collector.config.Nearest;
import io.breakwater.collector.config.Problem;
import io.breakwater.collector.config.Values;
import io.breakwater.collector.http.HttpFace.Reload;
import io.breakwater.collector.http.HttpFace.Reloaded;
import io.breakwater.collector.reference.ReferenceFile;
import io.breakwater.collector.runtime.Models;
import io.breakwater.collector.runtime.Models.OrderOutcome;
import io.breakwater.engine.Event.Verb;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.ModelState.VersionState;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1} without the event stream. Stateless; safe for use by many threads. */
final class Api {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 100_000;

  /** An order is journalled within milliseconds; only a lane that hangs takes longer. */
  private static final int ORDER_TIMEOUT_SECONDS = 8;

  private static final Map<String, Verb> VERBS =
      Arrays.stream(Verb.values())
          .collect(
              Collectors.toMap(
                  verb -> verb.name().toLowerCase(Locale.ROOT),
                  verb -> verb,
                  (one, other) -> one,
                  TreeMap::new));

  private final Models models;
  private final Reload reload;
  private final Clock clock;

  Api(Models models, Reload reload, Clock clock) {
    this.models = models;
    this.reload = reload;
    this.clock = clock;
  }

  List<Route> routes() {
    String signals = "/api/v1/models/{model}/versions/{version}/signals";
    return List.of(
        Route.of(GET, "/api/v1/models", Need.READ, call -> models()),
        Route.of(GET, signals, Need.READ, this::signals),
        Route.of(GET, signals + "/{signal}", Need.READ, this::signal),
        Route.of(PUT, "/api/v1/references/{model}", Need.OPERATE, new References(models)::put)
            .withBodyOf(ReferenceFile.MAX_BYTES),
        Route.of(GET, "/api/v1/breakers", Need.READ, call -> breakers()),
        Route.of(POST, "/api/v1/breakers/{model}/{version}/{verb}", Need.OPERATE, this::order),
        Route.of(GET, "/api/v1/decisions", Need.READ, this::decisions),
        Route.of(GET, "/api/v1/decisions/{id}", Need.READ, this::decision),
        Route.of(POST, "/api/v1/config/reload", Need.OPERATE, this::reload));
  }

  private HttpResponse models() {
    ArrayNode list = Answers.JSON.createArrayNode();
    models.states().forEach(state -> list.add(StateJson.model(state)));
    return Answers.json(list);
  }

  private HttpResponse signals(Call call) throws ApiException {
    ObjectNode json = Answers.object();
    json.put("model", call.part("model")).put("version", call.part("version"));
    json.set("signals", signalsOf(call).list());
    return Answers.json(json);
  }

  private HttpResponse signal(Call call) throws ApiException {
    return Answers.json(signalsOf(call).detail(call.part("signal")));
  }

  private Signals signalsOf(Call call) throws ApiException {
    VersionState version = version(call);
    String model = call.part("model");
    ModelState state = models.state(model);
    if (state == null) {
      throw notFound("model " + model, Set.of(), "a model that calls were seen of");
    }
    return Signals.of(state, version, models.recent(model));
  }

  private VersionState version(Call call) throws ApiException {
    String name = call.part("model");
    ModelState state = models.state(name);
    if (state == null) {
      Set<String> known =
          models.states().stream()
              .map(one -> one.policy().model())
              .collect(Collectors.toCollection(TreeSet::new));
      throw notFound("model " + name, known, "a model that calls were seen of; there is none yet");
    }
    VersionState version = state.versions().get(call.part("version"));
    if (version == null) {
      throw notFound(
          "version " + call.part("version") + " of model " + name,
          state.versions().keySet(),
          "a version that calls were seen of; there is none yet");
    }
    return version;
  }

  private static ApiException notFound(String what, Set<String> known, String none) {
    return new ApiException(
        HttpStatus.NOT_FOUND,
        what + " is unknown",
        known.isEmpty() ? none : "one of " + String.join(", ", new TreeSet<>(known)));
  }

  private HttpResponse breakers() {
    ArrayNode list = Answers.JSON.createArrayNode();
    for (ModelState state : models.states()) {
      new TreeMap<>(state.versions())
          .values()
          .forEach(
              version ->
                  list.add(
                      StateJson.breakerLine(
                          state.policy().model(), version, reason(version.breaker().decision()))));
    }
    return Answers.json(list);
  }

  /** Why a breaker stands where it does: the last word on the decision that led there. */
  private @Nullable String reason(@Nullable String decision) {
    List<JsonNode> records = decision == null ? List.of() : models.decision(decision);
    return records.isEmpty() ? null : records.get(records.size() - 1).path("reason").asText(null);
  }

  private HttpResponse order(Call call) throws ApiException {
    Verb verb = verb(call.part("verb"));
    version(call);
    OrderBody body = OrderBody.parse(verb, call.request().contentUtf8());
    OrderOutcome outcome = carryOut(call, verb, body);
    ObjectNode json =
        Answers.object()
            .put("decision", outcome.decision())
            .put("state", outcome.state())
            .put("message", outcome.message());
    if (outcome.decision() != null) {
      return Answers.json(json);
    }
    json.put("error", "nothing changed: " + outcome.message());
    json.put("expected", "an order that fits a breaker that is " + outcome.state());
    return Answers.json(HttpStatus.CONFLICT, json);
  }

  private static Verb verb(String word) throws ApiException {
    Verb verb = VERBS.get(word);
    if (verb == null) {
      throw new ApiException(
          HttpStatus.NOT_FOUND,
          word + ": unknown order (nearest: " + Nearest.to(word, VERBS.keySet()) + ")",
          "one of " + String.join(", ", VERBS.keySet()));
    }
    return verb;
  }

  private OrderOutcome carryOut(Call call, Verb verb, OrderBody body) throws ApiException {
    try {
      return models
          .order(
              call.part("model"),
              call.part("version"),
              verb,
              who(body.by(), call.caller()),
              body.reason(),
              body.expires(),
              body.decision())
          .toCompletableFuture()
          .get(ORDER_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IllegalArgumentException refusal) {
        throw new ApiException(
            HttpStatus.BAD_REQUEST,
            String.valueOf(refusal.getMessage()),
            "see GET /api/v1/breakers for what there is",
            refusal);
      }
      throw new IllegalStateException("an order failed", e.getCause());
    } catch (TimeoutException e) {
      throw notDone("the order is not journalled after " + ORDER_TIMEOUT_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notDone("the collector is stopping", e);
    }
  }

  private static ApiException notDone(String error, Exception cause) {
    return new ApiException(
        HttpStatus.SERVICE_UNAVAILABLE,
        error,
        "try again; GET /api/v1/decisions says whether it was carried out",
        cause);
  }

  /** Who gave the order: the token's name, and beside it whom the caller claims to be. */
  private static String who(@Nullable String by, @Nullable String caller) {
    String name = caller == null ? "unnamed" : caller;
    return by == null || by.equals(caller) ? name : name + " (claimed: " + by + ")";
  }

  private HttpResponse decisions(Call call) throws ApiException {
    List<JsonNode> records =
        models.decisions(
            call.query("model"), since(call.query("since")), limit(call.query("limit")));
    if (wantsLines(call)) {
      return Answers.lines(records);
    }
    return Answers.json(Answers.JSON.createArrayNode().addAll(records));
  }

  private HttpResponse decision(Call call) throws ApiException {
    List<JsonNode> records = models.decision(call.part("id"));
    if (records.isEmpty()) {
      throw new ApiException(
          HttpStatus.NOT_FOUND,
          "decision " + call.part("id") + " is unknown",
          "an id of GET /api/v1/decisions");
    }
    return wantsLines(call)
        ? Answers.lines(records)
        : Answers.json(Answers.JSON.createArrayNode().addAll(records));
  }

  private static boolean wantsLines(Call call) {
    return call.accept().contains(Answers.NDJSON.subtype());
  }

  private @Nullable Instant since(@Nullable String text) throws ApiException {
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      try {
        return clock.instant().minus(Values.duration(text));
      } catch (IllegalArgumentException | DateTimeException | ArithmeticException notOneEither) {
        throw new ApiException(
            HttpStatus.BAD_REQUEST,
            "since: " + text,
            "a time such as 2026-11-21T02:20:00Z, or a duration such as 24h",
            e);
      }
    }
  }

  private static int limit(@Nullable String text) throws ApiException {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw wrongLimit(text, e);
    }
    throw wrongLimit(text, null);
  }

  private static ApiException wrongLimit(String text, @Nullable Throwable cause) {
    return new ApiException(
        HttpStatus.BAD_REQUEST, "limit: " + text, "a number from 1 to " + MAX_LIMIT, cause);
  }

  private HttpResponse reload(Call call) {
    try {
      Reloaded reloaded = reload.reload(who(null, call.caller()));
      CollectorConfig config = reloaded.config();
      ObjectNode json =
          Answers.object()
              .put("source", config.source())
              .put("digest", config.digest())
              .put("models", config.models().size());
      put(json.putArray("changes"), reloaded.diff().changes());
      put(json.putArray("restart"), reloaded.diff().restart());
      return Answers.json(json);
    } catch (ConfigException e) {
      ObjectNode json =
          Answers.object()
              .put("error", "the guardrail file is refused; the one before stays in force")
              .put("expected", "a file without the problems listed");
      ArrayNode problems = json.putArray("problems");
      e.problems().forEach(problem -> problems.add(problem(problem)));
      return Answers.json(HttpStatus.BAD_REQUEST, json);
    }
  }

  private static void put(ArrayNode array, List<ConfigDiff.Change> changes) {
    changes.forEach(
        change -> array.addObject().put("where", change.where()).put("what", change.what()));
  }

  private static ObjectNode problem(Problem problem) {
    return Answers.object()
        .put("source", problem.source())
        .put("line", problem.line())
        .put("column", problem.column())
        .put("message", problem.message());
  }
}
