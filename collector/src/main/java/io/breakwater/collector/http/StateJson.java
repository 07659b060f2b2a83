package io.breakwater.collector.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.ModelState.InstanceState;
import io.breakwater.engine.ModelState.VersionState;
import io.breakwater.engine.breaker.BreakerState;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Models, versions and breakers as the API shows them. Names and versions are sorted. */
final class StateJson {
  /** Drift verdicts of a version in lists: those with the strongest evidence. */
  private static final int MAX_DRIFT = 10;

  private StateJson() {}

  static ObjectNode model(ModelState state) {
    ObjectNode json = Answers.object();
    json.put("model", state.policy().model());
    json.put("mode", state.policy().mode().name().toLowerCase(Locale.ROOT));
    json.put("stable", state.stable());
    json.put("backend", state.policy().backend());
    json.put("at", state.now().toString());
    ArrayNode findings = json.putArray("findings");
    new TreeSet<>(state.findings()).forEach(finding -> findings.add(finding.name()));
    ArrayNode versions = json.putArray("versions");
    new TreeMap<>(state.versions()).values().forEach(version -> versions.add(version(version)));
    ArrayNode instances = json.putArray("instances");
    new TreeMap<>(state.instances()).forEach((id, one) -> instances.add(instance(id, one)));
    return json;
  }

  private static ObjectNode version(VersionState version) {
    ObjectNode json = Answers.object();
    json.put("version", version.version());
    json.put("share", version.share());
    json.put("standing", version.standing().name());
    json.put("lastCall", text(version.lastCall()));
    json.set("breaker", breaker(version.breaker()));
    ArrayNode verdicts = json.putArray("verdicts");
    version.verdicts().forEach((name, state) -> verdicts.add(guardrail(name, state)));
    version.drift().entrySet().stream()
        .sorted(Comparator.comparingDouble(entry -> -entry.getValue().evidenceRatio()))
        .limit(MAX_DRIFT)
        .forEach(entry -> verdicts.add(guardrail(entry.getKey(), entry.getValue())));
    int judged = version.drift().size();
    json.putObject("drift").put("judged", judged).put("shown", Math.min(MAX_DRIFT, judged));
    return json;
  }

  static ObjectNode guardrail(String name, GuardrailState state) {
    ObjectNode json =
        Answers.object().put("guardrail", name).put("verdict", state.verdict().name());
    Shown.put(json, "evidenceRatio", state.evidenceRatio());
    return json.put("seen", state.seen()).put("bad", state.bad()).put("note", state.note());
  }

  private static ObjectNode breaker(BreakerState breaker) {
    ObjectNode json = Answers.object();
    json.put("state", breaker.name());
    json.put("latched", breaker.latched());
    json.put("since", breaker.since().toString());
    json.put("decision", breaker.decision());
    return json;
  }

  private static ObjectNode instance(String id, InstanceState instance) {
    return Answers.object()
        .put("instance", id)
        .put("lastSeen", text(lastSeen(instance)))
        .put("lastCall", text(instance.lastCall()))
        .put("blind", instance.blind());
  }

  /** The later of the last beat and the last call. */
  static @Nullable Instant lastSeen(InstanceState instance) {
    Instant beat = instance.lastBeat();
    Instant call = instance.lastCall();
    if (beat == null || call == null) {
      return beat == null ? call : beat;
    }
    return beat.isAfter(call) ? beat : call;
  }

  /** One line of {@code GET /api/v1/breakers}. */
  static ObjectNode breakerLine(String model, VersionState version, @Nullable String reason) {
    BreakerState breaker = version.breaker();
    return Answers.object()
        .put("model", model)
        .put("version", version.version())
        .put("state", breaker.name())
        .put("latched", breaker.latched())
        .put("since", breaker.since().toString())
        .put("decision", breaker.decision())
        .put("reason", reason)
        .put("share", version.share());
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
