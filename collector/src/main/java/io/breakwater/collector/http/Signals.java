package io.breakwater.collector.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpStatus;
import io.breakwater.collector.reference.ReferenceFile;
import io.breakwater.collector.runtime.RecentSignals;
import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.ModelState.VersionState;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.ReferenceSource;
import io.breakwater.engine.quantile.QuantileBand;
import io.breakwater.engine.reference.Progress;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The signals of one version as the API shows them: what is normal beside the last minutes, how far
 * apart they are, and the verdicts.
 */
final class Signals {
  private static final String NATIVE = " native";
  private static final double[] BANDS = {0.5, 0.9, 0.99};

  private final ModelState state;
  private final VersionState version;
  private final Map<String, Distribution> current;

  private Signals(ModelState state, VersionState version, RecentSignals recent) {
    this.state = state;
    this.version = version;
    this.current = recent.of(version.version());
  }

  static Signals of(ModelState state, VersionState version, RecentSignals recent) {
    return new Signals(state, version, recent);
  }

  /** Every signal in a short row; calls first. */
  ArrayNode list() {
    ArrayNode rows = Answers.JSON.createArrayNode();
    rows.add(calls(Guardrail.ERRORS));
    rows.add(duration());
    names().forEach(signal -> rows.add(row(signal)));
    return rows;
  }

  /** Names of all signals with distributions: seen lately, judged, or in the reference. */
  private Set<String> names() {
    Set<String> names = new TreeSet<>(current.keySet());
    names.remove(RecentSignals.DURATION);
    for (String guardrail : version.drift().keySet()) {
      if (guardrail.endsWith(NATIVE)) {
        names.add(guardrail.substring(0, guardrail.length() - NATIVE.length()));
      }
    }
    return names;
  }

  /**
   * Everything about one signal.
   *
   * @throws ApiException when there is none of that name
   */
  ObjectNode detail(String signal) throws ApiException {
    if (signal.equals(Guardrail.ERRORS)) {
      return calls(signal);
    }
    if (signal.equals(Guardrail.DURATION)) {
      return duration();
    }
    Set<String> known = names();
    if (!known.contains(signal)) {
      known.add(Guardrail.ERRORS);
      known.add(Guardrail.DURATION);
      throw new ApiException(
          HttpStatus.NOT_FOUND,
          "signal " + signal + " is unknown",
          "one of " + String.join(", ", known));
    }
    return whole(signal);
  }

  private ObjectNode calls(String signal) {
    ObjectNode json = Answers.object().put("signal", signal).put("kind", "calls");
    json.set("guardrails", guardrails(signal));
    return json;
  }

  private ArrayNode guardrails(String signal) {
    ArrayNode list = Answers.JSON.createArrayNode();
    for (Guardrail rule : state.policy().guardrails()) {
      GuardrailState verdict = version.verdicts().get(rule.name());
      if (rule.signal().equals(signal) && verdict != null) {
        ObjectNode json = StateJson.guardrail(rule.name(), verdict);
        Double slow = state.slowAbove(rule);
        if (slow != null) {
          json.put("slowAboveSeconds", slow);
        }
        list.add(json);
      }
    }
    return list;
  }

  private ObjectNode duration() {
    ObjectNode json = Answers.object().put("signal", Guardrail.DURATION).put("kind", "seconds");
    Distribution recent = current.get(RecentSignals.DURATION);
    if (recent != null) {
      json.set("current", Shown.distribution(recent));
    }
    ArrayNode bands = json.putArray("bands");
    for (double p : BANDS) {
      QuantileBand band = QuantileBand.of(version.durations(), p);
      ObjectNode one = bands.addObject().put("quantile", Shown.percentile(p));
      if (band == null) {
        one.put(
            "note",
            "not enough calls: " + version.durations().count() + " of " + QuantileBand.needed(p));
      } else {
        one.put("value", band.value()).put("low", band.low()).put("high", band.high());
        one.put("calls", band.n());
      }
    }
    json.set("guardrails", guardrails(Guardrail.DURATION));
    return json;
  }

  private ObjectNode row(String signal) {
    Distribution now = current.get(signal);
    Reference normal = state.reference(version.version(), signal);
    ObjectNode json = Answers.object().put("signal", signal);
    json.put("kind", now == null ? kind(normal) : Shown.kind(now));
    json.put("rows", now == null ? 0 : now.rows());
    json.put("missing", now == null ? 0 : now.missing());
    json.put("referenceRows", normal == null ? 0 : normal.values().rows());
    if (now != null) {
      json.set("current", shortly(now));
    }
    if (normal != null) {
      json.set("reference", shortly(normal.values()));
    }
    GuardrailState verdict = version.drift().get(signal + NATIVE);
    if (verdict != null) {
      json.put("verdict", verdict.verdict().name());
      Shown.put(json, "evidenceRatio", verdict.evidenceRatio());
      json.put("note", verdict.note());
    }
    json.set("statistics", statistics(normal, now, true));
    return json;
  }

  private static String kind(@Nullable Reference normal) {
    return normal == null ? "unknown" : Shown.kind(normal.values());
  }

  /** Two quantiles, or the most frequent name. */
  private static ObjectNode shortly(Distribution values) {
    ObjectNode json = Answers.object();
    if (values instanceof Numbers numbers) {
      for (double q : Shown.shortQuantiles()) {
        Shown.put(json, Shown.percentile(q), Shown.quantile(numbers, q));
      }
    } else if (values instanceof Names names && !names.counts().isEmpty()) {
      Map.Entry<String, Long> most =
          names.counts().entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
      json.put("most", most.getKey());
      json.put("share", most.getValue() / (double) Math.max(1, names.rows() - names.missing()));
    }
    return json;
  }

  private ObjectNode whole(String signal) {
    Distribution now = current.get(signal);
    Reference normal = state.reference(version.version(), signal);
    ObjectNode json = Answers.object().put("signal", signal);
    json.put("kind", now == null ? kind(normal) : Shown.kind(now));
    if (normal != null) {
      ObjectNode reference = Shown.distribution(normal.values());
      reference.put("source", source()).put("panes", normal.panes());
      reference.put("dispersion", normal.dispersion());
      reference.set("dispersions", ReferenceFile.dispersions(normal));
      json.set("reference", reference);
    }
    Progress gathering = state.gathering(version.version(), signal);
    if (gathering != null) {
      json.putObject("gathering")
          .put("rows", gathering.rows())
          .put("rowsWanted", gathering.rowsWanted())
          .put("panes", gathering.panes())
          .put("panesWanted", Reference.MIN_PANES);
    }
    if (now != null) {
      ObjectNode shown = Shown.distribution(now);
      shown.put("minutes", RecentSignals.REACH.toMinutes());
      json.set("current", shown);
    }
    json.set("statistics", statistics(normal, now, false));
    ArrayNode guardrails = json.putArray("guardrails");
    new TreeMap<>(version.drift())
        .forEach(
            (name, verdict) -> {
              if (name.equals(signal + NATIVE)) {
                guardrails.add(StateJson.guardrail(name, verdict));
              }
            });
    return json;
  }

  private String source() {
    ReferenceSource source = state.policy().reference();
    if (source instanceof ReferenceSource.FirstRows first) {
      return "first rows of version "
          + (first.version() == null ? version.version() : first.version());
    }
    ReferenceSet prepared = state.references().prepared();
    return prepared == null ? "" : prepared.source();
  }

  private static ArrayNode statistics(
      @Nullable Reference normal, @Nullable Distribution now, boolean shortly) {
    ArrayNode list = Answers.JSON.createArrayNode();
    for (Statistic statistic : Statistic.between(normal, now)) {
      ObjectNode json = list.addObject().put("statistic", statistic.name());
      Shown.put(json, "value", statistic.value());
      if (!shortly) {
        Shown.put(json, "floor", statistic.floor());
        json.put("usualThreshold", statistic.usualThreshold());
      }
      json.put("enoughRows", statistic.hasEnoughRows());
    }
    return list;
  }
}
