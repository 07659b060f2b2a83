package io.breakwater.collector.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * Brings a file's tables to the present version: the file counts in {@code user_version} how many
 * of its scripts were run.
 */
final class Migrations {
  private Migrations() {}

  /** Refuses a file that a newer version wrote, and touches nothing; one that is absent is fine. */
  static void check(Path file, List<String> scripts) {
    if (Files.isRegularFile(file)) {
      try (Handle handle = Sqlite.readOnly(file).open()) {
        version(handle, String.valueOf(file.getFileName()), scripts);
      } catch (JdbiException e) {
        throw new StoreException(file + ": cannot be used: " + SqliteWords.reason(e), e);
      }
    }
  }

  private static int version(Handle handle, String file, List<String> scripts) {
    int version = handle.createQuery("PRAGMA user_version").mapTo(Integer.class).one();
    if (version > scripts.size()) {
      throw new StoreException(
          file
              + ": has version "
              + version
              + " of its tables (expected: at most "
              + scripts.size()
              + "; a newer Breakwater wrote it)");
    }
    return version;
  }

  /** Runs the scripts that {@code handle}'s file has not seen, each in a transaction. */
  static void run(Handle handle, String file, List<String> scripts) {
    int version = version(handle, file, scripts);
    for (int next = version; next < scripts.size(); next++) {
      String script = load(scripts.get(next));
      int reached = next + 1;
      handle.useTransaction(
          tx -> {
            tx.createScript(script).execute();
            tx.execute("PRAGMA user_version = " + reached);
          });
    }
  }

  private static String load(String name) {
    try (InputStream in = Migrations.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + ": not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
