package io.breakwater.examples.router;

import io.breakwater.backend.kit.ContractTarget;
import io.breakwater.backend.kit.DeploymentBackendContract;
import io.breakwater.backend.kit.Fault;
import io.breakwater.backend.webhook.WebhookBackendProvider;
import io.breakwater.engine.backend.DeploymentBackendProvider;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The router is a target like any other: the webhook backend's contract holds with it. */
class RouterContractTest extends DeploymentBackendContract {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @Override
  protected DeploymentBackendProvider provider() {
    return new WebhookBackendProvider();
  }

  @Override
  protected ContractTarget start(Map<String, Double> shares) throws IOException {
    return new RouterTarget(shares);
  }

  /** A router seen by the requests its targets get. */
  private static final class RouterTarget implements ContractTarget {
    private static final int SAMPLE = 100;

    private final Map<String, StubTarget> targets = new LinkedHashMap<>();
    private final Router router;
    private final Traffic traffic;

    RouterTarget(Map<String, Double> shares) throws IOException {
      Map<String, URI> uris = new LinkedHashMap<>();
      for (String version : new TreeMap<>(shares).keySet()) {
        StubTarget target = StubTarget.answering("version " + version);
        targets.put(version, target);
        uris.put(version, URI.create(target.url()));
      }
      Split split = Split.of(shares, uris.keySet());
      RouterOptions options =
          new RouterOptions("127.0.0.1", 0, 0, uris, split, Spread.Kind.SMOOTH, SECRET);
      traffic = new Traffic(split, options.spread());
      router = Router.start(options, traffic);
    }

    @Override
    public Map<String, Object> settings() {
      return new HashMap<>(Map.of("type", "webhook", "url", name(), "secret", SECRET));
    }

    @Override
    public String name() {
      return "http://127.0.0.1:" + router.adminAddress().getPort() + "/traffic";
    }

    @Override
    public Map<String, Double> shares() throws Exception {
      Map<String, Double> shares = new TreeMap<>();
      targets.keySet().forEach(version -> shares.put(version, 0.0));
      URI uri = URI.create("http://127.0.0.1:" + router.address().getPort() + "/");
      for (int i = 0; i < SAMPLE; i++) {
        String version = uri.toURL().openConnection().getHeaderField(ProxyHandler.VERSION_FIELD);
        shares.merge(version, 1.0 / SAMPLE, Double::sum);
      }
      shares.replaceAll((version, share) -> Math.round(share * SAMPLE) / (double) SAMPLE);
      return shares;
    }

    @Override
    public void write(Map<String, Double> shares) throws IOException {
      traffic.shift("foreign-" + System.nanoTime(), Split.of(shares, targets.keySet()));
    }

    @Override
    public Set<Fault> faults() {
      return Set.of(Fault.GONE);
    }

    @Override
    public void suffer(Fault fault) throws IOException {
      router.close();
    }

    @Override
    public void close() throws IOException {
      router.close();
      for (StubTarget target : targets.values()) {
        target.close();
      }
    }
  }
}
