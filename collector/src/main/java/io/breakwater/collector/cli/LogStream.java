package io.breakwater.collector.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * Where the log is printed: one line per call, whatever names, messages and exceptions contain. A
 * sender of metrics chooses names; with a line break in one it could write lines of its own. Safe
 * for use by many threads.
 */
final class LogStream extends PrintStream {
  LogStream(OutputStream out) {
    super(out, true, Charset.defaultCharset());
  }

  @Override
  public void println(String line) {
    super.println(PlainPrinter.plainLine(line));
  }

  /** A line of a stack trace. */
  @Override
  public void println(Object line) {
    super.println(PlainPrinter.plainLine(String.valueOf(line)));
  }
}
