package io.breakwater.agent.dist.host;

import io.breakwater.api.Breakwater;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Overwrites a file, then uses the API for the first time. */
public final class JarOverwritingHost {
  private JarOverwritingHost() {}

  public static void main(String[] arguments) throws IOException {
    Files.write(Path.of(arguments[0]), new byte[] {1, 2, 3});
    Breakwater.inference("credit", "3").feature("age", 41).score(0.5).end();
    System.out.println(Breakwater.breaker("credit", "3").allows());
  }
}
