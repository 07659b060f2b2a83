package io.breakwater.agent.core.llm;

import io.breakwater.agent.core.instrument.Enclosing;
import io.breakwater.agent.core.model.ModelDescription;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.Labels;
import io.breakwater.agent.core.record.Measure;
import io.breakwater.agent.core.record.ModelIdentity;
import io.breakwater.agent.core.record.ModelNames;
import io.breakwater.agent.core.record.ModelSeries;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.agent.core.record.Schema;
import io.breakwater.signals.Attributes;
import io.breakwater.signals.GenAiConventions;
import io.breakwater.signals.Metric;
import io.breakwater.signals.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes LLM calls that have ended into the recorder's rings, under the series they belong to.
 *
 * <p>A call counts for a model's name and version: the name is that of the configuration, or that
 * the caller gave, or the model asked for; the version that of the configuration, or that the
 * caller gave (a prompt's, say), or the model that answered. A call without an answer counts for
 * the version that answered the same request last. Within an inference of own code, what is
 * measured counts for that inference's model, and the call is not counted.
 *
 * <p>Keeps {@value #MOST} series at most; further ones are counted as dropped. Safe for use by many
 * threads.
 */
final class LlmSeries {
  static final int MOST = 1_024;

  private static final String LENGTH = "answer_length";

  private static volatile @Nullable LlmSeries latest;

  private final Recorder recorder;
  private final Map<List<@Nullable String>, Written> series = new ConcurrentHashMap<>();
  private final Map<String, String> lastVersions = new ConcurrentHashMap<>();

  private LlmSeries(Recorder recorder) {
    this.recorder = recorder;
  }

  /** Those of a recorder; a process has one recorder. */
  static LlmSeries of(Recorder recorder) {
    LlmSeries known = latest;
    if (known == null || known.recorder != recorder) {
      known = new LlmSeries(recorder); // twice where two threads are here: then one is forgotten
      latest = known;
    }
    return known;
  }

  /** A series, and which values its rows have. */
  private static final class Written {
    private final ModelSeries series;
    private final boolean outputs;
    private final boolean genAi;

    Written(ModelSeries series, boolean outputs, boolean genAi) {
      this.series = series;
      this.outputs = outputs;
      this.genAi = genAi;
    }
  }

  void record(LlmCall call, @Nullable String errorType, long endNanos) {
    int error = errorType == null ? Recorder.NO_ERROR : recorder.errorType(errorType);
    String errorName = errorType == null ? null : recorder.errorName(error);
    Written written = written(call, errorName);
    if (written == null) {
      return;
    }
    long claim = recorder.claim(written.series, 1, true);
    if (claim == Recorder.DROPPED) {
      return;
    }
    int rows = 0;
    try {
      fill(call, written, error, endNanos, recorder.words(claim), recorder.firstValue(claim));
      rows = 1;
    } finally {
      if (call.enclosing() == null) {
        recorder.publish(claim, endNanos - call.startNanos(), 1, rows, error);
      } else {
        recorder.publishValues(claim, rows);
      }
    }
  }

  private @Nullable Written written(LlmCall call, @Nullable String error) {
    ModelIdentity identity = identity(call, error != null);
    LlmRequest request = call.request();
    List<@Nullable String> key =
        Arrays.asList(
            identity.name(),
            identity.version(),
            identity.framework(),
            request.operation(),
            request.provider(),
            request.model(),
            call.responseModel(),
            error);
    Written known = series.get(key);
    if (known != null) {
      return known;
    }
    Written added = series.size() >= MOST ? null : written(identity, call, error);
    if (added == null) {
      recorder.drops().add(Drops.Reason.TOO_MANY_MODELS);
    } else {
      series.put(key, added);
    }
    return added;
  }

  private ModelIdentity identity(LlmCall call, boolean failed) {
    Enclosing enclosing = call.enclosing();
    if (enclosing != null) {
      return identity(enclosing.model());
    }
    LlmRequest request = call.request();
    String own = request.model().isEmpty() ? recorder.rules().serviceName() : request.model();
    String asked = request.name() == null ? own : request.name();
    ModelNames configured = recorder.rules().namesOf(asked);
    String name = configured.name() == null ? asked : configured.name();
    String version = configured.version() == null ? request.version() : configured.version();
    return ModelIdentity.of(
        name, version == null ? answering(call, own, failed) : version, call.framework());
  }

  private static ModelIdentity identity(ModelDescription model) {
    String version =
        model.version().isCompletedExceptionally()
            ? ModelIdentity.UNKNOWN_VERSION
            : model.version().getNow(ModelIdentity.UNKNOWN_VERSION);
    return ModelIdentity.of(model.name(), version, model.framework());
  }

  /** The version that the model itself stands for. */
  private String answering(LlmCall call, String asked, boolean failed) {
    String key = call.request().provider() + ' ' + asked;
    String answering = call.responseModel();
    if (answering == null || answering.isEmpty()) {
      return lastVersions.getOrDefault(key, ModelIdentity.UNKNOWN_VERSION);
    }
    if (!failed && (lastVersions.size() < MOST || lastVersions.containsKey(key))) {
      lastVersions.put(key, answering);
    }
    return answering;
  }

  private @Nullable Written written(ModelIdentity identity, LlmCall call, @Nullable String error) {
    boolean outputs = call.request().isChat() && call.enclosing() == null;
    List<Schema.Output> answer =
        outputs ? List.of(Schema.Output.of(LENGTH, Ending.labels())) : List.of();
    GenAiConventions names = recorder.rules().genAi();
    Metric duration = names.duration();
    Metric tokens = names.tokenUsage();
    Metric first = names.timeToFirstChunk();
    List<Measure> measures = new ArrayList<>();
    measures.add(Measure.of(Metrics.INFERENCE_TIME_PER_OUTPUT_TOKEN, Labels.NONE));
    if (duration != null && tokens != null && first != null) {
      Labels labels = labels(call);
      measures.add(
          Measure.of(duration, error == null ? labels : labels.with(Attributes.ERROR_TYPE, error)));
      measures.add(Measure.of(first, labels));
      measures.add(Measure.of(tokens, labels.with(Attributes.GEN_AI_TOKEN_TYPE, "input")));
      measures.add(Measure.of(tokens, labels.with(Attributes.GEN_AI_TOKEN_TYPE, "output")));
    }
    ModelSeries found =
        recorder.series(identity, Schema.of(List.of(), answer).withMeasures(measures));
    return found == null ? null : new Written(found, outputs, measures.size() > 1);
  }

  private static Labels labels(LlmCall call) {
    LlmRequest request = call.request();
    Labels labels =
        Labels.NONE
            .with(Attributes.GEN_AI_OPERATION_NAME, request.operation())
            .with(Attributes.GEN_AI_PROVIDER_NAME, request.provider());
    if (!request.model().isEmpty()) {
      labels = labels.with(Attributes.GEN_AI_REQUEST_MODEL, request.model());
    }
    String answering = call.responseModel();
    return answering == null ? labels : labels.with(Attributes.GEN_AI_RESPONSE_MODEL, answering);
  }

  private static void fill(
      LlmCall call, Written written, int error, long endNanos, int[] words, int at) {
    boolean failed = error != Recorder.NO_ERROR;
    int next = at;
    if (written.outputs) {
      Ending ending = call.ending();
      boolean whole = !failed && ending != Ending.CANCELLED;
      next = put(words, next, whole, (double) call.length());
      next = put(words, next, !failed, ending.number());
    }
    next = put(words, next, !failed && isPaced(call), secondsPerToken(call, endNanos));
    if (written.genAi) {
      next = put(words, next, true, seconds(endNanos - call.startNanos()));
      next =
          put(words, next, call.hasBegun(), seconds(call.firstContentNanos() - call.startNanos()));
      next = put(words, next, call.inputTokens() >= 0, (double) call.inputTokens());
      put(words, next, call.outputTokens() >= 0, (double) call.outputTokens());
    }
  }

  private static boolean isPaced(LlmCall call) {
    return call.isStreamed() ? call.hasBegun() && call.outputTokens() > 1 : call.outputTokens() > 0;
  }

  private static double secondsPerToken(LlmCall call, long endNanos) {
    return call.isStreamed()
        ? seconds(endNanos - call.firstContentNanos()) / (call.outputTokens() - 1)
        : seconds(endNanos - call.startNanos()) / call.outputTokens();
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  private static int put(int[] words, int at, boolean known, double value) {
    if (known) {
      Recorder.putDouble(words, at, value);
    } else {
      Recorder.putAbsent(words, at);
    }
    return at + 2;
  }
}
