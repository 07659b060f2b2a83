package io.breakwater.agent.core.config;

/** A setting as it was written, and where. */
final class Setting {
  private final String name;
  private final String text;
  private final String origin;

  Setting(String name, String text, String origin) {
    this.name = name;
    this.text = text;
    this.origin = origin;
  }

  /** Key or variable. */
  String name() {
    return name;
  }

  String text() {
    return text;
  }

  /** Where it was set, for a message. */
  String origin() {
    return origin;
  }
}
