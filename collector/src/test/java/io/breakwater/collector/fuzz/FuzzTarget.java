package io.breakwater.collector.fuzz;

import java.util.List;

/** Something that reads what others wrote. */
public interface FuzzTarget {
  /** Its name on the command line. */
  String name();

  /** Inputs that are right, or nearly so, to begin with. */
  List<byte[]> seeds();

  /** Words of its language. */
  List<String> words();

  /**
   * Reads an input and checks what holds for every input. Safe for use by many threads.
   *
   * @return what became of it, in words that are the same for inputs that took the same way
   * @throws Exception when something happened that is not declared: a finding
   */
  String run(byte[] input) throws Exception;

  /** Fails with a finding. */
  static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  /** A message without its numbers and quoted parts: the way that an input took. */
  static String way(String message) {
    String way = message.replaceAll("\"[^\"]*\"|[0-9]+", "#");
    return way.length() > 120 ? way.substring(0, 120) : way;
  }
}
