package io.breakwater.backend.webhook;

import io.breakwater.backend.kit.ContractTarget;
import io.breakwater.backend.kit.DeploymentBackendContract;
import io.breakwater.engine.backend.DeploymentBackendProvider;
import java.io.IOException;
import java.util.Map;

class WebhookBackendContractTest extends DeploymentBackendContract {
  @Override
  protected DeploymentBackendProvider provider() {
    return new WebhookBackendProvider();
  }

  @Override
  protected ContractTarget start(Map<String, Double> shares) throws IOException {
    return new StubDeployer(shares);
  }
}
