package io.breakwater.collector.config;

import java.util.List;
import java.util.stream.Collectors;

/** A guardrail file cannot be used; says everything that is wrong with it, one line each. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient List<Problem> problems;

  /** Creates one of at least one problem. */
  public ConfigException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Everything that is wrong, in file order. */
  public List<Problem> problems() {
    return problems;
  }
}
