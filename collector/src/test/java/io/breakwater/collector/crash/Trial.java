package io.breakwater.collector.crash;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.Await;
import io.breakwater.collector.reference.ReferenceFile;
import io.breakwater.collector.store.AuditChain;
import io.breakwater.collector.store.OutboxMessage;
import io.breakwater.collector.store.Replay;
import io.breakwater.collector.store.Store;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A collector under load that is killed at random moments and started again, with everything that
 * must hold checked after each kill. The moments come from a seed; what the machine does between
 * them does not.
 */
final class Trial implements AutoCloseable {
  private static final int MODELS = 6;
  private static final int MAX_LIFE_MILLIS = 1500;
  private static final Set<String> KEPT_BACK =
      Set.of("PROVEN", "SEEING_AGAIN", "APPROVED", "ENDED");
  private static final Set<String> SETTLED =
      Set.of("CLOSED", "OPEN", "FORCED_OPEN", "FORCED_CLOSED", "REVERTED", "FAILED_ACTION");

  private final Path data;
  private final Path config;
  private final Path logs;
  private final Random random;
  private final List<String> models =
      IntStream.range(0, MODELS).mapToObj(i -> "model-" + i).toList();
  private final Surroundings around;
  private final Map<Long, String> acknowledged = new TreeMap<>();
  private final Set<String> ordered = new HashSet<>();
  private final List<String> violations = new ArrayList<>();

  /** State of every breaker as the last collector left it. */
  private final Map<String, String> left = new TreeMap<>();

  private String reference = "";
  private long restartMillis;
  private int kills;
  private int before;

  Trial(Path folder, long seed) throws IOException {
    this.data = folder.resolve("data");
    this.logs = folder;
    this.config = folder.resolve("breakwater.yaml");
    this.random = new Random(seed);
    this.around = new Surroundings(models, this::isWritten);
    Files.writeString(config, yaml());
  }

  private String yaml() {
    StringBuilder yaml = new StringBuilder("models:\n");
    for (String model : models) {
      yaml.append("  - name: ").append(model).append("\n    stable: \"1\"\n    mode: enforce\n");
      yaml.append("    guardrails:\n      - {signal: errors, against: stable}\n");
      yaml.append("      - {signal: class, drift: native, then: alert}\n");
      yaml.append("    breaker: {cooldown: 1h, trips-before-latch: 100000, drain: 200ms}\n");
      yaml.append("    backend: {type: webhook, url: \"")
          .append(around.url("/router/" + model))
          .append("\"}\n    alert: [ops]\n");
    }
    return yaml.append("alerts:\n  - {name: ops, webhook: \"")
        .append(around.url("/hooks"))
        .append("\"}\n")
        .toString();
  }

  /** Kills so many times; returns what did not hold, in words. */
  List<String> run(int times) throws Exception {
    prepareReferences();
    for (int i = 0; i < times; i++) {
      CollectorProcess collector = start(i);
      try (collector) {
        compareStates(collector);
        Load load = new Load(collector, around, models, random.nextLong());
        try (load) {
          Thread.sleep(random.nextInt(MAX_LIFE_MILLIS));
          collector.kill();
        }
        load.followed().forEach(this::acknowledge);
        ordered.addAll(load.ordered());
      }
      kills++;
      around.told().forEach(event -> acknowledge(event.path("data")));
      check();
    }
    end(times);
    return violations;
  }

  /** In words: how much was tried. */
  String summary() {
    return kills
        + " kills, "
        + AuditChain.verify(data, null).records()
        + " records, "
        + acknowledged.size()
        + " seen from outside, "
        + ordered.size()
        + " orders answered, "
        + around.effects().size()
        + " shifts at the router, "
        + around.toldIds().size()
        + " events taken, restart "
        + restartMillis / Math.max(1, kills)
        + " ms on average";
  }

  private CollectorProcess start(int life) throws Exception {
    long begun = System.nanoTime();
    CollectorProcess collector =
        CollectorProcess.start(config, data, logs.resolve("collector-" + life + ".log"));
    restartMillis += (System.nanoTime() - begun) / 1_000_000;
    return collector;
  }

  private void prepareReferences() throws Exception {
    ReferenceSet set =
        ReferenceFile.set(
            "trial",
            Map.of("class", new Reference(new Names(Map.of("yes", 600L, "no", 400L), 0), 30, 1)));
    reference = set.digest();
    try (Store store = Store.open(data, record -> List.of(), Clock.systemUTC())) {
      store.journal().start();
      for (String model : models) {
        store.journal().putReference(model, set).toCompletableFuture().get();
      }
    }
  }

  private synchronized void acknowledge(JsonNode record) {
    if (record.has("hash")) {
      acknowledged.put(record.path("seq").asLong(), record.path("hash").asText());
    }
  }

  /** The states that the collector that was killed left behind, before anything else happens. */
  private void compareStates(CollectorProcess collector) throws Exception {
    if (kills == 0) {
      return;
    }
    Map<String, String> now = Load.breakers(collector.http("/api/v1/breakers"));
    left.forEach(
        (breaker, state) -> {
          String is = now.getOrDefault(breaker, "unknown");
          boolean moved = state.equals("TRIPPING") && is.equals("OPEN");
          if (!is.equals(state) && !moved && SETTLED.contains(state)) {
            violations.add(breaker + " was " + state + " before the kill and is " + is);
          }
        });
  }

  /** Looks at a copy: what was killed is found by the next start as it was left. */
  private void check() throws Exception {
    Path copy = copy();
    AuditChain.Result chain = AuditChain.verify(copy, null);
    if (chain.problem() != null) {
      violations.add("kill " + kills + ": " + chain.problem());
    }
    if (chain.records() < before) {
      violations.add("kill " + kills + ": the journal lost records");
    }
    before = (int) chain.records();
    try (Store store = Store.open(copy, record -> List.of(), Clock.systemUTC())) {
      List<JsonNode> records = store.journal().decisions(null, null, 10_000_000);
      checkAcknowledged(records);
      checkToldOrWaiting(records, store.journal().outbox());
      left.clear();
      store.states().values().forEach(this::checkState);
      records.stream()
          .filter(record -> SETTLED.contains(record.path("to").asText()))
          .collect(
              Collectors.toMap(
                  record -> record.path("model").asText() + "/" + record.path("version").asText(),
                  record -> record,
                  (newer, older) -> newer))
          .forEach((breaker, record) -> checkLast(breaker, record, records));
    }
    checkShifts();
  }

  private Path copy() throws IOException {
    Path copy = Files.createTempDirectory(logs, "left");
    try (Stream<Path> files = Files.list(data)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  /** The last record about a breaker says which state it is in. */
  private void checkLast(String breaker, JsonNode record, List<JsonNode> newestFirst) {
    JsonNode newest =
        newestFirst.stream()
            .filter(
                other ->
                    (other.path("model").asText() + "/" + other.path("version").asText())
                        .equals(breaker))
            .filter(other -> !other.path("to").asText().equals(other.path("from").asText()))
            .findFirst()
            .orElse(record);
    String to = newest.path("to").asText();
    String state = left.getOrDefault(breaker, "unknown");
    if (SETTLED.contains(to) && SETTLED.contains(state) && !to.equals(state)) {
      violations.add(
          "kill " + kills + ": " + breaker + " is " + state + " after the record that says " + to);
    }
  }

  private void checkAcknowledged(List<JsonNode> records) {
    Map<Long, String> hashes = new HashMap<>();
    Set<String> decisions = new HashSet<>();
    for (JsonNode record : records) {
      hashes.put(record.path("seq").asLong(), record.path("hash").asText());
      decisions.add(record.path("decision").asText());
    }
    acknowledged.forEach(
        (seq, hash) -> {
          if (!hash.equals(hashes.get(seq))) {
            violations.add("kill " + kills + ": record " + seq + " was seen and is not there");
          }
        });
    ordered.stream()
        .filter(decision -> !decisions.contains(decision))
        .forEach(
            decision ->
                violations.add(
                    "kill " + kills + ": order " + decision + " was answered and is not there"));
  }

  private void checkToldOrWaiting(List<JsonNode> records, List<OutboxMessage> outbox) {
    Set<String> known = new HashSet<>(around.toldIds());
    outbox.forEach(message -> known.add(message.message()));
    for (JsonNode record : records) {
      String kind = record.path("kind").asText();
      if (!KEPT_BACK.contains(kind)
          && known.stream().noneMatch(id -> id.startsWith(record.path("decision").asText()))) {
        violations.add("kill " + kills + ": nobody was or will be told of " + record);
      }
    }
  }

  private void checkState(ModelState state) {
    String model = state.policy().model();
    state
        .versions()
        .forEach((name, version) -> left.put(model + "/" + name, version.breaker().name()));
    ReferenceSet prepared = state.references().prepared();
    if (prepared == null || !prepared.digest().equals(reference)) {
      violations.add("kill " + kills + ": " + model + " has lost its reference");
    }
  }

  private void checkShifts() {
    around
        .tooEarly()
        .forEach(shift -> violations.add("shift " + shift + " came before its journal entry"));
    around
        .effects()
        .forEach(
            (shift, times) -> {
              if (times > 1) {
                violations.add("shift " + shift + " changed traffic " + times + " times");
              }
            });
  }

  /** Everybody is told in the end, and everything replays. */
  private void end(int life) throws Exception {
    around.calm();
    try (CollectorProcess collector = start(life)) {
      compareStates(collector);
      Await.until("told", () -> count("SELECT count(*) FROM outbox") == 0);
      collector.stop();
    }
    check();
    Replay.Result replay = Replay.of(data);
    if (replay.problem() != null) {
      violations.add("the replay diverges: " + replay.problem());
    }
    long whole = replay.covered().stream().mapToLong(Replay.Covered::decisions).sum();
    if (whole == 0) {
      violations.add("no decision was replayed from all inputs");
    }
  }

  private boolean isWritten(String shift) {
    return count("SELECT count(*) FROM shifts WHERE id = '" + shift.replace("'", "") + "'") > 0;
  }

  private long count(String sql) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("journal.db"));
        PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    around.close();
  }
}
