package io.breakwater.collector.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** One run of the command: its status and what it wrote. */
record Run(int status, String out, String err) {
  static Run of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    return new Run(status, out.toString(), err.toString());
  }
}
