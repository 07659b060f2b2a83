package io.breakwater.collector.alert;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import io.breakwater.collector.config.CollectorConfig.AlertTarget;
import io.breakwater.collector.store.OutboxMessage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends alerts to an Alertmanager: again and again while they fire, once when they are over. */
final class AlertmanagerOutlet extends Outlet {
  /** Well within Alertmanager's resolve_timeout of 5 minutes. */
  private static final Duration RESEND = Duration.ofMinutes(1);

  private final String url;

  AlertmanagerOutlet(AlertTarget.Alertmanager target, Shared shared) {
    super(target.name(), shared);
    String base = target.url().toString();
    this.url =
        (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/api/v2/alerts";
  }

  @Override
  HttpRequest request(OutboxMessage message) {
    return HttpRequest.of(
        RequestHeaders.builder(HttpMethod.POST, url).contentType(MediaType.JSON).build(),
        HttpData.ofUtf8("[" + message.body() + "]"));
  }

  @Override
  boolean isWanted(OutboxMessage message, @Nullable OutboxMessage replaced) {
    return !AlertmanagerAlert.isResolved(message.body()) || replaced != null;
  }

  @Override
  @Nullable Long repeatAfter(OutboxMessage message) {
    return AlertmanagerAlert.isFiring(message.body()) ? RESEND.toNanos() : null;
  }
}
