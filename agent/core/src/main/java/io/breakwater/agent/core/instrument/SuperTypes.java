package io.breakwater.agent.core.instrument;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.objectweb.asm.ClassReader;

/**
 * Which of some types a class extends or implements, read from class files: no class is loaded for
 * it. Safe for use by many threads.
 *
 * <p>What is known of a name is kept, whichever loader it came from, for at most {@value
 * #MOST_KNOWN} names. A super type whose class file is not found counts for itself alone.
 */
final class SuperTypes {
  private static final int MOST_KNOWN = 20_000;
  private static final int DEEPEST = 64;

  private final Set<String> wanted;
  private final Map<String, Set<String>> known = new ConcurrentHashMap<>();

  /**
   * Super types to look for.
   *
   * @param wanted internal names
   */
  SuperTypes(Set<String> wanted) {
    this.wanted = Set.copyOf(wanted);
  }

  /**
   * Those of the wanted types that a class extends or implements, itself not among them.
   *
   * @param loader the class's own, asked for class files of its super types
   * @throws IllegalArgumentException if the class file is newer than what can be read
   */
  Set<String> of(ClassLoader loader, byte[] classFile) {
    return above(loader, new ClassReader(classFile), 0);
  }

  private Set<String> above(ClassLoader loader, ClassReader reader, int depth) {
    Set<String> found = new HashSet<>();
    String superName = reader.getSuperName();
    if (superName != null) {
      add(loader, superName, found, depth);
    }
    for (String each : reader.getInterfaces()) {
      add(loader, each, found, depth);
    }
    Set<String> result = Set.copyOf(found);
    if (known.size() < MOST_KNOWN) {
      known.put(reader.getClassName(), result);
    }
    return result;
  }

  private void add(ClassLoader loader, String name, Set<String> found, int depth) {
    if (wanted.contains(name)) {
      found.add(name);
    }
    if (name.startsWith("java/")) {
      return;
    }
    Set<String> above = known.get(name);
    found.addAll(above != null ? above : read(loader, name, depth));
  }

  private Set<String> read(ClassLoader loader, String name, int depth) {
    if (depth == DEEPEST) {
      return Set.of();
    }
    try (InputStream in = loader.getResourceAsStream(name + ".class")) {
      return in == null ? Set.of() : above(loader, new ClassReader(in), depth + 1);
    } catch (IOException | RuntimeException e) { // then it is as if it were not there
      return Set.of();
    }
  }
}
