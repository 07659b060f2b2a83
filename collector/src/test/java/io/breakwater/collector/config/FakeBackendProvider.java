package io.breakwater.collector.config;

import io.breakwater.engine.backend.ApplyOutcome;
import io.breakwater.engine.backend.BackendException;
import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.DeploymentBackend;
import io.breakwater.engine.backend.DeploymentBackendProvider;
import io.breakwater.engine.backend.Plan;
import io.breakwater.engine.backend.TargetView;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.backend.Verification;

/** A backend with a text and a map for settings, and nothing behind it. */
final class FakeBackendProvider implements DeploymentBackendProvider {
  @Override
  public String name() {
    return "fake";
  }

  @Override
  public DeploymentBackend create(BackendSettings settings) {
    settings.string("socket");
    settings.strings("servers");
    settings.rejectUnknown();
    return new Nowhere();
  }

  private static final class Nowhere implements DeploymentBackend {
    @Override
    public TargetView describe() throws BackendException {
      throw new BackendException("nothing there");
    }

    @Override
    public Plan plan(TrafficShift shift, TargetView seen) throws BackendException {
      throw new BackendException("nothing there");
    }

    @Override
    public ApplyOutcome apply(Plan plan) throws BackendException {
      throw new BackendException("nothing there");
    }

    @Override
    public Verification verify(Plan plan) throws BackendException {
      throw new BackendException("nothing there");
    }

    @Override
    public boolean idempotent() {
      return true;
    }

    @Override
    public void close() {}
  }
}
