package io.breakwater.backend.kit;

import io.breakwater.engine.backend.DeploymentBackendProvider;
import java.util.Map;

/** A backend without mistakes passes. */
class MemoryBackendContractTest extends DeploymentBackendContract {
  @Override
  protected DeploymentBackendProvider provider() {
    return new MemoryBackend.Provider();
  }

  @Override
  protected ContractTarget start(Map<String, Double> shares) {
    return new MemoryTarget(shares);
  }
}
