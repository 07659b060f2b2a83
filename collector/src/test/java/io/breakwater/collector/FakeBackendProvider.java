package io.breakwater.collector;

import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.DeploymentBackend;
import io.breakwater.engine.backend.DeploymentBackendProvider;

/** Backends of type {@code fake}: views of the {@link FakeTarget} that {@code target} names. */
public final class FakeBackendProvider implements DeploymentBackendProvider {
  @Override
  public String name() {
    return "fake";
  }

  @Override
  public DeploymentBackend create(BackendSettings settings) {
    FakeTarget target = FakeTarget.named(settings.string("target"));
    settings.rejectUnknown();
    return target.backend();
  }
}
