package io.breakwater.backend.haproxy;

import io.breakwater.backend.kit.ContractTarget;
import io.breakwater.backend.kit.DeploymentBackendContract;
import io.breakwater.engine.backend.DeploymentBackendProvider;
import java.io.IOException;
import java.util.Map;

/** The contract with a real HAProxy on a Unix socket. */
class HaproxyContractTest extends DeploymentBackendContract {
  @Override
  protected DeploymentBackendProvider provider() {
    return new HaproxyBackendProvider();
  }

  @Override
  protected ContractTarget start(Map<String, Double> shares) throws IOException {
    return HaproxyProcess.withShares(shares);
  }
}
