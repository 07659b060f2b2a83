package io.breakwater.engine.backend;

import static java.util.Objects.requireNonNull;

/** A backend's setting is missing, unknown or wrong. */
public class SettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private final String path;

  /**
   * Creates one.
   *
   * @param path the setting below {@code backend:}, dotted, for example {@code servers.2}
   * @param message what is wrong and what would be right, without the path
   */
  public SettingException(String path, String message) {
    super(path + ": " + message);
    this.path = requireNonNull(path, "path");
  }

  /** The setting below {@code backend:}, dotted. */
  public String path() {
    return path;
  }
}
