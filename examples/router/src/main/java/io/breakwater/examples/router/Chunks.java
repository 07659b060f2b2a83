package io.breakwater.examples.router;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The chunked transfer coding (RFC 9112, section 7.1). Trailers are read and dropped. */
final class Chunks {
  private static final int MAX_LINE = 4096;
  private static final byte[] CRLF = {'\r', '\n'};

  private Chunks() {}

  /**
   * Copies a chunked body.
   *
   * @param framed whether the copy is chunked too, or only the content
   * @param maxBytes of content
   * @throws HttpException 413 beyond {@code maxBytes}, 400 when it is not a chunked body
   */
  static void copy(HttpInput in, OutputStream out, boolean framed, long maxBytes)
      throws IOException, HttpException {
    long total = 0;
    for (long size = size(in); size > 0; size = size(in)) {
      total += size;
      if (total > maxBytes) {
        throw new HttpException(413, "body above " + maxBytes + " bytes");
      }
      if (framed) {
        out.write(Long.toHexString(size).getBytes(StandardCharsets.ISO_8859_1));
        out.write(CRLF);
      }
      in.copy(size, out);
      if (framed) {
        out.write(CRLF);
      }
      requireEmpty(in.readLine(MAX_LINE));
    }
    for (String trailer = in.readLine(MAX_LINE);
        trailer != null && !trailer.isEmpty();
        trailer = in.readLine(MAX_LINE)) {
      // dropped
    }
    if (framed) {
      out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private static long size(HttpInput in) throws IOException, HttpException {
    String line = in.readLine(MAX_LINE);
    String digits = line == null ? "" : line.split(";", 2)[0].strip();
    if (!digits.matches("[0-9a-fA-F]{1,15}")) {
      throw new HttpException(400, "chunk size: '" + line + "' (expected: a hexadecimal number)");
    }
    return Long.parseLong(digits, 16);
  }

  private static void requireEmpty(@Nullable String line) throws HttpException {
    if (line == null || !line.isEmpty()) {
      throw new HttpException(400, "chunk longer than its announced size");
    }
  }
}
