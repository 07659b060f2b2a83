package io.breakwater.collector.store;

import java.nio.file.Path;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/** How SQLite files are opened. */
final class Sqlite {
  /** The version that writes, for what is read by a later one. */
  static final String WRITER = writer();

  private static final int BUSY_MILLIS = 2000;

  /** The log of a file goes back to this size once its content is in the file. */
  private static final int LOG_BYTES = 16 << 20;

  private static final int INCREMENTAL = 2;
  private static final Logger log = LoggerFactory.getLogger(Sqlite.class);

  private Sqlite() {}

  /** For the one writer: every commit is on disk when it returns. */
  static Jdbi durable(Path file) {
    return jdbi(file, SynchronousMode.FULL, false);
  }

  /** For batches that may be lost with the machine's power, never with the process. */
  static Jdbi relaxed(Path file) {
    return jdbi(file, SynchronousMode.NORMAL, false);
  }

  /** For readers. */
  static Jdbi readOnly(Path file) {
    return jdbi(file, SynchronousMode.FULL, true);
  }

  private static Jdbi jdbi(Path file, SynchronousMode synchronous, boolean readOnly) {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(readOnly);
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(!readOnly);
    if (!readOnly) {
      config.setJournalMode(JournalMode.WAL);
      config.setSynchronous(synchronous);
      config.setJournalSizeLimit(LOG_BYTES);
    }
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    Jdbi jdbi = Jdbi.create(source);
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    return jdbi;
  }

  /**
   * Lets a file give free pages back a few at a time. A file of an older version is written anew
   * once; where there is no room for that it stays as it is, and does not shrink.
   */
  static void letShrink(Handle handle, String file) {
    if (handle.createQuery("PRAGMA auto_vacuum").mapTo(Integer.class).one() == INCREMENTAL) {
      return;
    }
    try {
      handle.execute("PRAGMA auto_vacuum = " + INCREMENTAL);
      handle.execute("VACUUM");
    } catch (JdbiException e) {
      log.warn("{} will not shrink until the next start: {}", file, SqliteWords.of(file, e));
    }
  }

  private static String writer() {
    String version = Sqlite.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }
}
