package io.breakwater.collector.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongConsumer;

/** A bar on a terminal; nothing where nobody looks on. Confined to one thread. */
final class Progress implements LongConsumer, AutoCloseable {
  private static final int WIDTH = 30;
  private static final long EVERY_NANOS = 100_000_000;
  private static final int CHECK_EVERY = 1_000;

  private final PrintWriter err;
  private final String what;
  private final long total;
  private final boolean shown;
  private long lastShown;
  private boolean drawn;

  /**
   * Progress of some work.
   *
   * @param total how much there is, 0 if not known
   */
  Progress(PrintWriter err, String what, long total, boolean shown) {
    this.err = err;
    this.what = what;
    this.total = total;
    this.shown = shown;
    this.lastShown = System.nanoTime();
  }

  @Override
  public void accept(long done) {
    if (shown && done % CHECK_EVERY == 0 && System.nanoTime() - lastShown > EVERY_NANOS) {
      lastShown = System.nanoTime();
      drawn = true;
      err.print("\r" + line(done) + "\u001b[K");
      err.flush();
    }
  }

  String line(long done) {
    if (total <= 0) {
      return String.format(Locale.ROOT, "%s  %,d rows", what, done);
    }
    int filled = (int) (WIDTH * Math.min(done, total) / total);
    return String.format(
        Locale.ROOT,
        "%s  [%s%s]  %,d of %,d rows",
        what,
        "#".repeat(filled),
        ".".repeat(WIDTH - filled),
        done,
        total);
  }

  @Override
  public void close() {
    if (drawn) {
      err.print("\r\u001b[K");
      err.flush();
    }
  }
}
