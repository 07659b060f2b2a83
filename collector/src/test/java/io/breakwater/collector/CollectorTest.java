package io.breakwater.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.config.CollectorConfig.Role;
import io.breakwater.collector.config.CollectorConfig.Token;
import io.breakwater.collector.reference.ReferenceFile;
import io.breakwater.collector.store.AuditChain;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Event;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceSet;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Each test has a collector, a folder, a target and people of its own, so they run side by side.
 */
@Execution(ExecutionMode.CONCURRENT)
class CollectorTest {
  private static final List<String> NONE = List.of();
  private static final List<String> CANARY = List.of("2");

  @TempDir Path data;

  private CollectorFixture world;

  @BeforeEach
  void open() throws IOException {
    world = new CollectorFixture(data);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void canaryThatFails_isTakenOutOfTrafficAndPeopleAreTold() throws Exception {
    world.start();

    world.drive(CANARY, () -> world.target.share("2") == 0.0);
    world.drive(NONE, () -> world.kinds().size() > 1);

    assertThat(world.state("2")).isEqualTo("OPEN");
    assertThat(world.target.share("1")).isEqualTo(1.0);
    assertThat(world.kinds()).containsExactly("TRIPPED", "VERIFIED");
    JsonNode event = world.told("io.breakwater.breaker.tripped");
    assertThat(event.path("specversion").asText()).isEqualTo("1.0");
    assertThat(event.path("id").asText())
        .isEqualTo(event.path("data").path("decision").asText() + ".io.breakwater.breaker.tripped");
    assertThat(event.path("data").path("version").asText()).isEqualTo("2");
    assertThat(event.path("data").path("head").asText())
        .isEqualTo(event.path("data").path("hash").asText());
    world.told("io.breakwater.breaker.verified");
    assertThat(AuditChain.verify(data, event.path("data").path("head").asText()))
        .satisfies(
            result -> {
              assertThat(result.problem()).isNull();
              assertThat(result.records()).isEqualTo(2);
            });
  }

  @Test
  void trip_raisesAnAlertThatResetResolves() throws Exception {
    world.start();
    world.drive(CANARY, () -> world.state("2").equals("OPEN"));
    Await.until("raised", () -> alerts().stream().anyMatch(a -> a.has("startsAt")));

    world
        .collector()
        .models()
        .order(CollectorFixture.MODEL, "2", Event.Verb.RESET, "ann", "fixed", null, null)
        .toCompletableFuture()
        .get();

    Await.until(
        "resolved", () -> alerts().stream().anyMatch(a -> a.has("endsAt") && !a.has("startsAt")));
    JsonNode raised = alerts().get(0);
    assertThat(raised.path("labels").path("alertname").asText()).isEqualTo("BreakwaterBreakerOpen");
    assertThat(raised.path("labels").path("model").asText()).isEqualTo("credit");
    assertThat(raised.path("labels").path("version").asText()).isEqualTo("2");
    assertThat(raised.path("labels").path("severity").asText()).isEqualTo("critical");
  }

  private List<JsonNode> alerts() {
    return world.people.received().stream()
        .map(FakeAlertReceiver.Received::json)
        .filter(JsonNode::isArray)
        .map(alerts -> alerts.get(0))
        .toList();
  }

  @Test
  void stableThatFailsToo_leavesTrafficAndIsUpstream() throws Exception {
    world.start();

    world.drive(List.of("1", "2"), () -> world.kinds().contains("UPSTREAM"));

    world.told("io.breakwater.model.upstream");
    assertThat(world.target.applied()).isEmpty();
    assertThat(world.target.share("2")).isEqualTo(0.2);
  }

  @Test
  void backendThatRefuses_failsWithinVerifyWithin() throws Exception {
    failsInTime(FakeTarget.Mood.REFUSES);
  }

  @Test
  void backendThatHangs_failsWithinVerifyWithin() throws Exception {
    failsInTime(FakeTarget.Mood.HANGS);
  }

  @Test
  void backendThatSaysYesAndDoesNothing_failsWithinVerifyWithin() throws Exception {
    failsInTime(FakeTarget.Mood.LIES);
  }

  private void failsInTime(FakeTarget.Mood mood) throws Exception {
    Duration within = Duration.ofSeconds(3);
    world.target.in(mood);
    world.verifyWithin(within).start();

    world.drive(CANARY, () -> world.state("2").equals("FAILED_ACTION"));
    JsonNode failed = world.told("io.breakwater.breaker.failed").path("data");
    assertThat(failed.path("reason").asText()).contains("could not be moved");
    JsonNode tripped = world.told("io.breakwater.breaker.tripped").path("data");
    assertThat(failed.path("decision")).isEqualTo(tripped.path("decision"));
    assertThat(Duration.between(at(tripped), at(failed))).isLessThan(within.multipliedBy(2));
    assertThat(world.target.applied()).containsOnly(tripped.path("shift").path("id").asText());
  }

  private static Instant at(JsonNode record) {
    return Instant.parse(record.path("at").asText());
  }

  @Test
  void trafficThatSomebodyMovesBack_isReportedAndNotFought() throws Exception {
    world.start();
    world.drive(CANARY, () -> world.state("2").equals("OPEN"));

    world.target.with("1", 0.8).with("2", 0.2);

    world.drive(NONE, () -> world.state("2").equals("REVERTED"));
    world.told("io.breakwater.breaker.reverted");
    assertThat(world.target.applied()).hasSize(1);
    assertThat(world.target.share("2")).isEqualTo(0.2);
  }

  @Test
  void newConfiguration_reachesRunningLanes() throws Exception {
    world.start();
    world.drive(NONE, () -> world.state("2").equals("CLOSED"));

    world.collector().models().reload(world.config(Mode.OBSERVE));

    world.drive(CANARY, () -> world.kinds().contains("WOULD_TRIP"));
    assertThat(world.state("2")).isEqualTo("OBSERVING");
    assertThat(world.target.applied()).isEmpty();
  }

  @Test
  void restart_resumesTheOpenBreaker() throws Exception {
    world.start();
    world.drive(CANARY, () -> world.state("2").equals("OPEN"));
    world.stop();

    world.start();

    Await.until("resumed", () -> world.state("2").equals("OPEN"));
    world.drive(NONE, () -> world.calls("1") > 100);
    assertThat(world.state("2")).isEqualTo("OPEN");
    assertThat(world.target.applied()).hasSize(1);
    assertThat(AuditChain.verify(data, null).problem()).isNull();
  }

  @Test
  void referenceThatWasSent_isInForceAfterARestart() throws Exception {
    Names classes = new Names(Map.of("yes", 600L, "no", 400L), 0);
    ReferenceSet reference =
        ReferenceFile.set("sent", Map.of("class", new Reference(classes, 30, 1)));
    world.start();
    world.collector().models().pin("credit", reference).toCompletableFuture().get();
    Await.until("given", () -> reference.digest().equals(preparedDigest()));
    world.stop();

    world.start();

    Await.until("given again", () -> reference.digest().equals(preparedDigest()));
    assertThat(world.collector().models().pin("other", reference).toCompletableFuture().get())
        .contains("no rule");
  }

  private String preparedDigest() {
    ReferenceSet prepared =
        world.collector().models().state(CollectorFixture.MODEL).references().prepared();
    return prepared == null ? "none" : prepared.digest();
  }

  @Test
  void scoresAndFeatures_areSeenAsTheyCome() throws Exception {
    world.start();
    long end = System.currentTimeMillis() * 1_000_000L;
    Object[] who = {"ml.model.name", "credit", "ml.model.version", "1", "ml.feature.name", "age"};

    world.post(
        OtlpRequests.from("i")
            .values("ml.inference.score", 40, end - 1, end, Arrays.copyOf(who, 4))
            .values("ml.inference.feature", 30, end - 1, end, who)
            .bytes());

    Await.until("seen", () -> world.collector().models().recent("credit").of("1").size() == 2);
    assertThat(world.collector().models().recent("credit").of("1"))
        .hasEntrySatisfying("score", seen -> assertThat(seen.rows()).isEqualTo(40))
        .hasEntrySatisfying("feature:age", seen -> assertThat(seen.rows()).isEqualTo(30));
  }

  @Test
  void stopBetweenJournalAndAction_repeatsTheShiftUnderItsId() throws Exception {
    world.target.in(FakeTarget.Mood.HANGS);
    world.start();
    world.drive(CANARY, () -> !world.target.applied().isEmpty());
    String id = world.target.applied().get(0);
    world.stop();
    world.target.in(FakeTarget.Mood.OBEYS);

    world.start();

    world.drive(NONE, () -> world.kinds().size() > 1);
    assertThat(world.target.applied()).containsOnly(id).hasSizeGreaterThan(1);
    assertThat(world.target.share("2")).isZero();
    assertThat(world.kinds()).containsExactly("TRIPPED", "VERIFIED");
  }

  @Test
  void alertsThatNobodyTook_areSentAgainAfterARestart() throws Exception {
    world.people.answer(503);
    world.start();
    world.drive(CANARY, () -> world.state("2").equals("OPEN"));
    Await.until("tried", () -> !world.people.received().isEmpty());
    world.stop();
    world.people.answer(200);

    world.start();

    JsonNode event = world.told("io.breakwater.breaker.tripped");
    assertThat(world.people.received())
        .filteredOn(r -> r.json().path("id").equals(event.path("id")))
        .extracting(r -> r.headers().getFirst("webhook-id"))
        .hasSizeGreaterThan(1)
        .containsOnly(event.path("id").asText());
    world.told("io.breakwater.breaker.verified");
  }

  @Test
  void journalThatIsStuck_isOvertakenWhereTheActionIsHarmlessToRepeat() throws Exception {
    world.start();
    try (Connection stuck = world.lockJournal()) {
      world.drive(CANARY, () -> world.target.share("2") == 0.0);

      assertThat(world.kinds()).isEmpty();
      JsonNode event = world.told("io.breakwater.journal.stalled");
      assertThat(event.path("data").path("model").asText()).isEqualTo("credit");
      stuck.rollback();
    }

    world.drive(NONE, () -> world.kinds().contains("VERIFIED"));
    assertThat(AuditChain.verify(data, null).problem()).isNull();
    assertThat(world.target.applied()).hasSize(1);
  }

  @Test
  void journalThatIsStuck_holdsBackOtherActions() throws Exception {
    world.target.idempotent(false);
    world.start();
    try (Connection stuck = world.lockJournal()) {
      world.drive(CANARY, () -> world.state("2").equals("TRIPPING"));
      long since = System.nanoTime();
      world.drive(CANARY, () -> System.nanoTime() - since > 500_000_000L);

      assertThat(world.target.applied()).isEmpty();
      stuck.rollback();
    }

    world.drive(NONE, () -> world.kinds().contains("VERIFIED"));
    assertThat(world.target.applied()).hasSize(1);
  }

  @Test
  void sameRequestTwice_countsOnce() throws Exception {
    world.start();
    byte[] request = world.interval(NONE);
    byte[] next = world.interval(NONE);

    world.post(request);
    world.post(request);
    world.post(next);

    Await.until("counted", () -> world.calls("1") >= 40);
    assertThat(world.calls("1")).isEqualTo(40);
    assertThat(dropped("repeated")).isEqualTo(2);
  }

  @Test
  void gzip_isTaken() throws Exception {
    world.start();

    assertThat(world.post(gzip(world.interval(NONE)), "Content-Encoding", "gzip").statusCode())
        .isEqualTo(200);

    Await.until("counted", () -> world.calls("1") == 20);
  }

  @Test
  void gzipBomb_isRefused() throws Exception {
    world.start();

    byte[] bomb = gzip(new byte[30 << 20]);

    assertThat(bomb.length).isLessThan(1 << 20);
    assertThat(world.post(bomb, "Content-Encoding", "gzip").statusCode()).isEqualTo(413);
    assertThat(dropped("oversized")).isEqualTo(1);
  }

  @Test
  void oversizedBody_isRefused() throws Exception {
    world.start();

    assertThat(world.post(new byte[(20 << 20) + 1]).statusCode()).isEqualTo(413);

    assertThat(dropped("oversized")).isEqualTo(1);
    assertThat(world.post(world.interval(NONE)).statusCode()).isEqualTo(200);
  }

  @Test
  void garbage_isRefusedAndNothingBreaks() {
    world.start();
    Random random = new Random(7);
    byte[] good = world.interval(NONE);

    for (int i = 0; i < 300; i++) {
      byte[] bad = good.clone();
      for (int flips = 0; flips < 4; flips++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      assertThat(world.post(Arrays.copyOf(bad, random.nextInt(bad.length))).statusCode())
          .isIn(200, 400);
    }
    assertThat(world.post("hello".getBytes(StandardCharsets.UTF_8)).statusCode()).isEqualTo(400);
    assertThat(world.post(good, "Content-Encoding", "gzip").statusCode()).isEqualTo(400);

    assertThat(dropped("malformed")).isGreaterThan(1);
    assertThat(world.post(world.interval(NONE)).statusCode()).isEqualTo(200);
  }

  @Test
  void otherContentTypesAndEncodings_areRefusedWithWhatIsRight() {
    world.start();

    var text = world.post("{}".getBytes(StandardCharsets.UTF_8), "Content-Type", "text/json");
    assertThat(text.statusCode()).isEqualTo(415);
    assertThat(new String(text.body(), StandardCharsets.UTF_8))
        .contains("text/json", "expected: application/x-protobuf or application/json");
    assertThat(world.post(new byte[0], "Content-Encoding", "br").statusCode()).isEqualTo(415);
    assertThat(dropped("unsupported")).isEqualTo(2);
  }

  @Test
  void onlyAnEmitToken_maySend() {
    world
        .tokens(
            new Token("agents", Role.EMIT, "emit-secret"),
            new Token("people", Role.OPERATE, "operate-secret"))
        .start();
    byte[] request = world.interval(NONE);

    assertThat(world.post(request).statusCode()).isEqualTo(401);
    assertThat(world.post(request, "Authorization", "Bearer nonsense").statusCode()).isEqualTo(401);
    assertThat(world.post(request, "Authorization", "Bearer operate-secret").statusCode())
        .isEqualTo(403);
    assertThat(dropped("unauthorized")).isEqualTo(3);
    assertThat(world.post(request, "Authorization", "bearer emit-secret").statusCode())
        .isEqualTo(200);
  }

  @Test
  void modelThatNoRuleFits_isSeenAndNotJudged() throws Exception {
    world.start();
    long end = System.currentTimeMillis() * 1_000_000L;

    world.post(OtlpRequests.from("i").calls("other", "1", "boom", 100, end - 1, end).bytes());

    Await.until(
        "seen",
        () ->
            world.collector().models().state("other") != null
                && world.collector().models().state("other").versions().containsKey("1"));
    assertThat(world.collector().models().state("other").findings())
        .extracting(Enum::name)
        .contains("UNGUARDED");
    assertThat(world.kinds()).isEmpty();
  }

  @Test
  void refusedAndShadowCalls_doNotCount() throws Exception {
    world.start();
    long end = System.currentTimeMillis() * 1_000_000L;
    OtlpRequests request =
        OtlpRequests.from("i")
            .calls("credit", "1", null, 3, end - 1, end)
            .calls("credit", "1", "io.breakwater.refused", 50, end - 1, end)
            .calls("credit", "1", null, 70, end - 1, end)
            .with("ml.traffic", "shadow");

    world.post(request.bytes());

    Await.until("counted", () -> world.calls("1") > 0);
    assertThat(world.calls("1")).isEqualTo(3);
  }

  @Test
  void orders_areJournalledAndAnswered() throws Exception {
    world.start();
    world.drive(NONE, () -> !world.state("2").equals("none"));

    var models = world.collector().models();
    var outcome =
        models
            .order("credit", "2", Event.Verb.HOLD, "ann", "I know better", null, null)
            .toCompletableFuture()
            .get();

    assertThat(outcome.state()).isEqualTo("FORCED_CLOSED");
    assertThat(models.decision(outcome.decision())).hasSize(1);
    assertThat(models.decision(outcome.decision()).get(0).path("by").asText()).isEqualTo("ann");
    assertThatThrownBy(
            () ->
                models
                    .order("credit", "9", Event.Verb.HOLD, "ann", "typo", null, null)
                    .toCompletableFuture()
                    .get())
        .hasCauseInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version: 9");
  }

  @Test
  void secondCollectorOnTheFolder_isRefused() {
    world.start();

    assertThatThrownBy(() -> new CollectorFixture(data).start())
        .isInstanceOf(CollectorException.class)
        .hasMessageContaining("in use by another collector");
  }

  @Test
  void folderThatCannotBeWritten_isRefused() throws Exception {
    Path file = Files.writeString(data.resolve("file"), "not a folder");

    assertThatThrownBy(() -> new CollectorFixture(file).start())
        .isInstanceOf(CollectorException.class)
        .hasMessageContaining("cannot be written");
  }

  private long dropped(String reason) {
    return world.collector().registry().scrape().stream()
        .filter(family -> family.getMetadata().getName().equals("breakwater_ingest_dropped"))
        .flatMap(family -> family.getDataPoints().stream())
        .filter(point -> reason.equals(point.getLabels().get("reason")))
        .mapToLong(point -> (long) ((CounterDataPointSnapshot) point).getValue())
        .sum();
  }

  private static byte[] gzip(byte[] data) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(data);
    }
    return bytes.toByteArray();
  }
}
