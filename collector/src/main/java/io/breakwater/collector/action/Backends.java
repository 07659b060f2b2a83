package io.breakwater.collector.action;

import io.breakwater.engine.backend.AddressRule;
import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.DeploymentBackend;
import io.breakwater.engine.backend.DeploymentBackendProvider;
import io.breakwater.engine.backend.SettingException;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Makes deployment backends by the word that names their type. Immutable. */
public final class Backends {
  private final Map<String, DeploymentBackendProvider> providers = new TreeMap<>();

  /** The given providers. */
  public Backends(Iterable<DeploymentBackendProvider> providers) {
    for (DeploymentBackendProvider provider : providers) {
      this.providers.put(provider.name(), provider);
    }
  }

  /** Every provider that {@link ServiceLoader} finds. */
  public static Backends installed() {
    return new Backends(ServiceLoader.load(DeploymentBackendProvider.class));
  }

  /**
   * A backend for one model's target; opens no connection.
   *
   * @param settings the {@code backend:} section
   * @param addresses which addresses it may connect to
   * @throws SettingException when a setting is missing, unknown or wrong
   */
  public DeploymentBackend create(
      String model, Map<String, Object> settings, AddressRule addresses) {
    String type = String.valueOf(settings.get("type"));
    DeploymentBackendProvider provider = providers.get(type);
    if (provider == null) {
      throw new SettingException("type", type + " (expected: one of " + providers.keySet() + ")");
    }
    return provider.create(BackendSettings.of(model, settings, addresses));
  }
}
