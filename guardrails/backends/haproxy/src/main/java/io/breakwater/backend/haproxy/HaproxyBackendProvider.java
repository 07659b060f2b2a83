package io.breakwater.backend.haproxy;

import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.DeploymentBackend;
import io.breakwater.engine.backend.DeploymentBackendProvider;

/** {@code type: haproxy}. */
public final class HaproxyBackendProvider implements DeploymentBackendProvider {
  @Override
  public String name() {
    return "haproxy";
  }

  @Override
  public DeploymentBackend create(BackendSettings settings) {
    return new HaproxyBackend(HaproxySettings.of(settings));
  }
}
