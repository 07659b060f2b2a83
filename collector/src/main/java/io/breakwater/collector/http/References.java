package io.breakwater.collector.http;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import io.breakwater.collector.reference.ReferenceFile;
import io.breakwater.collector.reference.ReferenceFormatException;
import io.breakwater.collector.runtime.Models;
import io.breakwater.engine.reference.ReferenceSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** {@code PUT /api/v1/references/{model}}: takes a reference and has the model compared with it. */
final class References {
  private static final int TIMEOUT_SECONDS = 8;

  private final Models models;

  References(Models models) {
    this.models = models;
  }

  HttpResponse put(Call call) throws ApiException {
    String model = call.part("model");
    ReferenceSet reference = reference(call);
    String refusal = pin(model, reference);
    if (refusal != null) {
      throw new ApiException(
          HttpStatus.CONFLICT,
          refusal,
          "a model that the guardrail file has a rule for, without reference: {file: ...}");
    }
    var json = Answers.object().put("model", model).put("digest", reference.digest());
    json.put("source", reference.source());
    reference.signals().keySet().forEach(json.putArray("signals")::add);
    return Answers.json(json);
  }

  private static ReferenceSet reference(Call call) throws ApiException {
    try {
      String who = call.caller() == null ? "" : " by " + call.caller();
      ReferenceSet read = ReferenceFile.parse("body", call.request().content().array());
      return new ReferenceSet("sent to the collector" + who, read.digest(), read.signals());
    } catch (ReferenceFormatException e) {
      throw new ApiException(
          HttpStatus.BAD_REQUEST,
          String.valueOf(e.getMessage()),
          "the content of a file that breakwater reference build made",
          e);
    }
  }

  private @Nullable String pin(String model, ReferenceSet reference) throws ApiException {
    try {
      return models
          .pin(model, reference)
          .toCompletableFuture()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw notDone(String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      throw notDone("not on disk after " + TIMEOUT_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notDone("the collector is stopping", e);
    }
  }

  private static ApiException notDone(String why, Exception cause) {
    return new ApiException(
        HttpStatus.SERVICE_UNAVAILABLE, "the reference is not kept: " + why, "try again", cause);
  }
}
