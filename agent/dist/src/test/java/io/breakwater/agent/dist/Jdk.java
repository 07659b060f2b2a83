package io.breakwater.agent.dist;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A JDK to start hosts with: the one of this build, or one of another version beside it. */
final class Jdk {
  private final String version;

  private Jdk(String version) {
    this.version = version;
  }

  /** The one that runs the tests. */
  static Jdk current() {
    return new Jdk(String.valueOf(Runtime.version().feature()));
  }

  /** Those that the agent promises to work on; what is not there skips its test by name. */
  static Stream<Jdk> promised() {
    return Stream.of(new Jdk("11"), new Jdk("17"), new Jdk("21"), new Jdk("25"));
  }

  /** Those that have virtual threads. */
  static Stream<Jdk> withVirtualThreads() {
    return Stream.of(new Jdk("21"), new Jdk("25"));
  }

  /** Those that have a security manager. */
  static Stream<Jdk> withSecurityManager() {
    return Stream.of(new Jdk("11"), new Jdk("17"));
  }

  static Jdk of(String version) {
    return new Jdk(version);
  }

  boolean isThere() {
    return home().isPresent();
  }

  /** Its {@code java}; the test is skipped where it is absent. */
  Path java() {
    Optional<Path> home = home();
    assumeTrue(
        home.isPresent(), "no JDK " + version + ": JAVA_HOME_" + version + " would name one");
    return home.get().resolve("bin/java");
  }

  private Optional<Path> home() {
    Path running = Path.of(System.getProperty("java.home"));
    if (version.equals(current().version)) {
      return Optional.of(running);
    }
    String named = System.getenv("JAVA_HOME_" + version);
    return named != null ? Optional.of(Path.of(named)) : sibling(running);
  }

  private Optional<Path> sibling(Path running) {
    try (Stream<Path> beside = Files.list(running.getParent())) {
      return beside.filter(this::isThisVersion).sorted().findFirst();
    } catch (IOException e) {
      return Optional.empty(); // unreadable is as good as not there
    }
  }

  private boolean isThisVersion(Path home) {
    Path release = home.resolve("release");
    try {
      return Files.isExecutable(home.resolve("bin/java"))
          && Files.isReadable(release)
          && Files.readString(release).contains("JAVA_VERSION=\"" + version + ".");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "JDK " + version;
  }
}
