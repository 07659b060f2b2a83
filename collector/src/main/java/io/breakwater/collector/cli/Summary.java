package io.breakwater.collector.cli;

import io.breakwater.collector.config.ConfigException;

/** What is wrong with a guardrail file, with a count at the end. */
final class Summary {
  private Summary() {}

  static String of(ConfigException e) {
    int count = e.problems().size();
    return e.getMessage() + "\n" + count + (count == 1 ? " error" : " errors");
  }
}
