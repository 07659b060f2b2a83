package io.breakwater.collector.config;

import io.breakwater.collector.reference.ReferenceFormatException;
import io.breakwater.engine.policy.ReferenceSource;
import io.breakwater.engine.policy.ReferenceSource.FirstRows;
import io.breakwater.engine.policy.ReferenceSource.Prepared;
import io.breakwater.engine.reference.ReferenceSet;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads {@code reference:} sections and the files they name. */
final class ReferenceSection {
  /** Reads a reference file. */
  interface Reader {
    ReferenceSet read(Path file) throws ReferenceFormatException;
  }

  private final Path guardrailFile;
  private final Reader reader;

  /** A reader of sections of {@code guardrailFile}, beside which the files they name lie. */
  ReferenceSection(Path guardrailFile, Reader reader) {
    this.guardrailFile = guardrailFile;
    this.reader = reader;
  }

  /**
   * What a section says.
   *
   * @param set the content of the file it names, or null when it names none
   */
  record Read(ReferenceSource source, @Nullable ReferenceSet set) {}

  Read read(@Nullable Section section, @Nullable String stable) {
    if (section == null) {
      return new Read(new FirstRows(stable, FirstRows.DEFAULT_ROWS), null);
    }
    section.check(Keys.REFERENCE, true);
    if (section.has("file") && (section.has("version") || section.has("rows"))) {
      section.wrong("file", "file with version or rows (expected: file alone, or none)");
    }
    String version = section.read("version", stableOrNone(stable), Values::text);
    int rows = section.read("rows", (int) FirstRows.DEFAULT_ROWS, Values::rows);
    ReferenceSet set = section.has("version") || section.has("rows") ? null : file(section);
    return set == null
        ? new Read(new FirstRows(version.isEmpty() ? null : version, rows), null)
        : new Read(new Prepared(set.digest()), set);
  }

  private static String stableOrNone(@Nullable String stable) {
    return stable == null ? "" : stable;
  }

  private @Nullable ReferenceSet file(Section section) {
    String file = section.read("file", Values::text);
    if (file == null) {
      return null;
    }
    try {
      return reader.read(guardrailFile.resolveSibling(file));
    } catch (ReferenceFormatException | InvalidPathException e) {
      section.wrong("file", String.valueOf(e.getMessage()));
      return null;
    }
  }
}
