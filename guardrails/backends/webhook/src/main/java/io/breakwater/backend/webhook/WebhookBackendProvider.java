package io.breakwater.backend.webhook;

import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.DeploymentBackend;
import io.breakwater.engine.backend.DeploymentBackendProvider;
import java.time.Clock;

/** {@code type: webhook}. */
public final class WebhookBackendProvider implements DeploymentBackendProvider {
  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public DeploymentBackend create(BackendSettings settings) {
    return new WebhookBackend(WebhookSettings.of(settings), Clock.systemUTC());
  }
}
