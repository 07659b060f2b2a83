package io.breakwater.collector.fuzz;

/** Where Jazzer comes in: it needs nothing but this method. The target is {@code fuzz.target}. */
public final class JazzerEntry {
  private static final FuzzTarget TARGET = Targets.named(System.getProperty("fuzz.target"));

  private JazzerEntry() {}

  /** Reads one input. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    String unused = TARGET.run(input);
  }
}
