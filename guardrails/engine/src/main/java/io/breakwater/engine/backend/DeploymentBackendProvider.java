package io.breakwater.engine.backend;

/**
 * Makes backends of one type; found through {@link java.util.ServiceLoader}.
 *
 * <p>Implementations have a public constructor without arguments and are stateless.
 */
public interface DeploymentBackendProvider {
  /** The word that {@code backend.type} in the guardrail file names it by. */
  String name();

  /**
   * A backend for one target. Opens no connection.
   *
   * @throws SettingException when a setting is missing, unknown or wrong
   */
  DeploymentBackend create(BackendSettings settings);
}
