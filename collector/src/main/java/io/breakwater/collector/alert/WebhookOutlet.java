package io.breakwater.collector.alert;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.breakwater.backend.webhook.HeaderText;
import io.breakwater.collector.config.CollectorConfig.AlertTarget;
import io.breakwater.collector.store.OutboxMessage;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Sends CloudEvents to a webhook, signed as Standard Webhooks say when there is a secret. */
final class WebhookOutlet extends Outlet {
  private static final MediaType CLOUD_EVENT =
      MediaType.parse("application/cloudevents+json; charset=utf-8");

  private final String url;
  private final Clock clock;
  private final @Nullable WebhookSignature signature;

  WebhookOutlet(AlertTarget.Webhook target, Clock clock, Shared shared) {
    super(target.name(), shared);
    this.url = target.url().toString();
    this.clock = clock;
    String secret = target.secret();
    this.signature = secret == null ? null : new WebhookSignature(secret);
  }

  @Override
  HttpRequest request(OutboxMessage message) {
    long seconds = clock.instant().getEpochSecond();
    String id = HeaderText.of(message.message());
    RequestHeadersBuilder headers =
        RequestHeaders.builder(HttpMethod.POST, url)
            .contentType(CLOUD_EVENT)
            .set("webhook-id", id)
            .set("webhook-timestamp", String.valueOf(seconds));
    if (signature != null) {
      headers.set("webhook-signature", signature.sign(id, seconds, message.body()));
    }
    return HttpRequest.of(headers.build(), HttpData.ofUtf8(message.body()));
  }

  @Override
  @Nullable Long repeatAfter(OutboxMessage message) {
    return null;
  }
}
