package io.breakwater.backend.webhook;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.breakwater.engine.backend.ApplyOutcome;
import io.breakwater.engine.backend.BackendException;
import io.breakwater.engine.backend.DeploymentBackend;
import io.breakwater.engine.backend.Plan;
import io.breakwater.engine.backend.TargetView;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.backend.Verification;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Asks a deployer, router or gateway for new shares with one signed CloudEvent and reads them back.
 *
 * <p>The token of a view is the shares themselves, so a plan is stale as soon as anybody else has
 * changed them.
 */
final class WebhookBackend implements DeploymentBackend {
  private static final Duration CALL_TIMEOUT = Duration.ofMillis(1_900);

  private final WebhookSettings settings;
  private final Clock clock;
  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpCaller http;
  private boolean rehearsed;

  WebhookBackend(WebhookSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.http = new HttpCaller(settings.addresses());
  }

  @Override
  public TargetView describe() throws BackendException {
    Map<String, Double> shares = read(Deadline.in(CALL_TIMEOUT));
    TargetView view =
        new TargetView(shares, List.copyOf(shares.keySet()), null, List.of(), token(shares));
    if (!rehearsed) {
      rehearsed = true;
      rehearse(view);
    }
    return view;
  }

  /** Prepares what is then not sent, so that the first real shift finds its classes loaded. */
  private void rehearse(TargetView view) {
    List<String> versions = List.copyOf(view.shares().keySet());
    if (versions.size() < 2) {
      return;
    }
    String id = "rehearsal";
    try {
      Plan plan = plan(new TrafficShift(id, id, "", versions.get(0), versions.get(1), 0), view);
      Verification.of(plan, view.shares());
      post(plan);
    } catch (BackendException e) {
      // Not possible now; a real shift will say so.
    }
  }

  @Override
  public Plan plan(TrafficShift shift, TargetView seen) throws BackendException {
    Map<String, Double> after = shift.after(seen.shares());
    String description = "POST " + settings.url() + " weights " + new TreeMap<>(after);
    return new Plan(shift.id(), shift, seen.shares(), after, description, seen.token());
  }

  @Override
  public ApplyOutcome apply(Plan plan) throws BackendException {
    Deadline deadline = Deadline.in(CALL_TIMEOUT);
    Map<String, Double> now = read(deadline);
    if (Verification.of(plan, now).kind() == Verification.Kind.CONVERGED) {
      return new ApplyOutcome(ApplyOutcome.Kind.ALREADY, "shares " + now);
    }
    if (!token(now).equals(plan.token())) {
      return new ApplyOutcome(
          ApplyOutcome.Kind.STALE, "shares are " + now + ", planned from " + plan.token());
    }
    http.call(post(plan), settings.url(), deadline);
    return new ApplyOutcome(ApplyOutcome.Kind.APPLIED, "accepted by " + settings.url());
  }

  @Override
  public Verification verify(Plan plan) throws BackendException {
    return Verification.of(plan, read(Deadline.in(CALL_TIMEOUT)));
  }

  /** No: a receiver may remember ids for a short time only, or act once more on its own. */
  @Override
  public boolean idempotent() {
    return false;
  }

  private Map<String, Double> read(Deadline deadline) throws BackendException {
    RequestHeaders headers = headers(HttpMethod.GET, settings.read()).build();
    byte[] body = http.call(HttpRequest.of(headers), settings.read(), deadline);
    try {
      return Shares.parse(body, mapper);
    } catch (IOException e) {
      throw new BackendException("GET " + settings.read() + ": the answer: " + e.getMessage(), e);
    }
  }

  private HttpRequest post(Plan plan) {
    Instant now = clock.instant();
    byte[] body = ShiftEvent.encode(plan, now, mapper);
    String id = HeaderText.of(plan.id());
    RequestHeadersBuilder headers =
        headers(HttpMethod.POST, settings.url())
            .set("content-type", ShiftEvent.CONTENT_TYPE)
            .set("webhook-id", id)
            .set("webhook-timestamp", Long.toString(now.getEpochSecond()));
    if (settings.signer() != null) {
      headers.set("webhook-signature", settings.signer().sign(id, now.getEpochSecond(), body));
    }
    return HttpRequest.of(headers.build(), HttpData.wrap(body));
  }

  private RequestHeadersBuilder headers(HttpMethod method, URI uri) {
    RequestHeadersBuilder headers =
        RequestHeaders.builder(method, uri.toString()).set("accept", "application/json");
    if (settings.token() != null) {
      headers.set("authorization", "Bearer " + settings.token());
    }
    return headers;
  }

  private static String token(Map<String, Double> shares) {
    return new TreeMap<>(shares).toString();
  }

  @Override
  public void close() {
    http.close();
  }
}
