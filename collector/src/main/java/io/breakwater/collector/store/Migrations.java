package io.breakwater.collector.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Brings a file's tables to the present version: the file counts in {@code user_version} how many
 * of its scripts were run.
 */
final class Migrations {
  private Migrations() {}

  /** Runs the scripts that {@code handle}'s file has not seen, each in a transaction. */
  static void run(Handle handle, String file, List<String> scripts) {
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
