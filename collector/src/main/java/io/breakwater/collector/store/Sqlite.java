package io.breakwater.collector.store;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/** How SQLite files are opened. */
final class Sqlite {
  private static final int BUSY_MILLIS = 2000;

  private Sqlite() {}

  /** For the one writer: every commit is on disk when it returns. */
  static DataSource durable(Path file) {
    return source(file, SynchronousMode.FULL, false);
  }

  /** For batches that may be lost with the machine's power, never with the process. */
  static DataSource relaxed(Path file) {
    return source(file, SynchronousMode.NORMAL, false);
  }

  /** For readers. */
  static DataSource readOnly(Path file) {
    return source(file, SynchronousMode.FULL, true);
  }

  private static DataSource source(Path file, SynchronousMode synchronous, boolean readOnly) {
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
    return source;
  }
}
