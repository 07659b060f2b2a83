package io.breakwater.collector.store;

import java.nio.file.Path;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/** How SQLite files are opened. */
final class Sqlite {
  private static final int BUSY_MILLIS = 2000;

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
    }
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    Jdbi jdbi = Jdbi.create(source);
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    return jdbi;
  }
}
