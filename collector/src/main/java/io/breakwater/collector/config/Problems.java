package io.breakwater.collector.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong while a file is read to its end. Used by one thread. */
final class Problems {
  private static final int MAX_MESSAGE = 1_000;
  private final String source;
  private final Secrets.Gathered secrets;
  private final List<Problem> found = new ArrayList<>();

  Problems(String source, Secrets.Gathered secrets) {
    this.source = source;
    this.secrets = secrets;
  }

  /** Notes that something at {@code node} is wrong; each place is blamed for one thing once. */
  void add(Node node, String message) {
    add(node.getStartMark(), message);
  }

  void add(Optional<Mark> mark, String message) {
    Problem problem =
        new Problem(
            source,
            mark.map(m -> m.getLine() + 1).orElse(0),
            mark.map(m -> m.getColumn() + 1).orElse(0),
            message);
    if (!found.contains(problem)) {
      found.add(problem);
    }
  }

  int count() {
    return found.size();
  }

  void throwIfAny() throws ConfigException {
    if (!found.isEmpty()) {
      throw failure();
    }
  }

  /** All that was found, in file order, without secrets. */
  ConfigException failure() {
    Secrets secrets = this.secrets.all();
    List<Problem> sorted = new ArrayList<>();
    for (Problem problem : found) {
      sorted.add(
          new Problem(
              problem.source(),
              problem.line(),
              problem.column(),
              plain(secrets.hide(problem.message()))));
    }
    sorted.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
    return new ConfigException(sorted);
  }

  /** One line, whatever the file holds, and not a long one. */
  private static String plain(String message) {
    String line = message.replaceAll("\\p{Cntrl}|[\\x80-\\x9f]", "?");
    return line.length() <= MAX_MESSAGE
        ? line
        : line.substring(0, MAX_MESSAGE / 2)
            + " ... "
            + line.substring(line.length() - MAX_MESSAGE / 2);
  }
}
