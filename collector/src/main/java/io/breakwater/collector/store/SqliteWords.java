package io.breakwater.collector.store;

import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteException;

/** What a failure of SQLite means, for people. */
final class SqliteWords {
  private SqliteWords() {}

  /** Why {@code file} could not be written, and what would help. */
  static String of(String file, Throwable failure) {
    return file + ": " + reason(failure);
  }

  /** Why a file could not be used, and what would help. */
  static String reason(Throwable failure) {
    SQLiteException cause = cause(failure);
    if (cause == null) {
      return String.valueOf(failure.getMessage());
    }
    return switch (cause.getResultCode().code & 0xff) {
          case 13 -> "the disk is full (expected: free space)";
          case 8, 14, 23, 3 ->
              "may not be written (expected: a file and folder that this user may"
                  + " write, on a file system that is not read-only)";
          case 5, 6 ->
              "another program holds it (expected: none that writes while the collector" + " runs)";
          case 10 -> "input/output error (expected: a disk that works, with free space)";
          case 11, 26 -> "the file is damaged (expected: a file that only Breakwater writes)";
          default -> cause.getMessage();
        }
        + " ["
        + cause.getResultCode().name()
        + "]";
  }

  private static @Nullable SQLiteException cause(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SQLiteException found) {
        return found;
      }
    }
    return null;
  }
}
