package io.breakwater.examples.router;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Buffered bytes of one connection, read as lines and counted bytes. One thread at a time. */
final class HttpInput {
  private final InputStream in;
  private final byte[] buffer = new byte[16 * 1024];
  private int position;
  private int limit;

  HttpInput(InputStream in) {
    this.in = in;
  }

  /**
   * The next line without its end, as ISO 8859-1; null when the connection ended before its first
   * byte.
   *
   * @throws HttpException 431 when it is longer than {@code maxBytes}
   */
  @Nullable String readLine(int maxBytes) throws IOException, HttpException {
    StringBuilder line = new StringBuilder(64);
    while (true) {
      if (position == limit && !fill()) {
        if (line.length() == 0) {
          return null;
        }
        throw new EOFException("connection ended within a line");
      }
      int start = position;
      while (position < limit && buffer[position] != '\n') {
        position++;
      }
      line.append(new String(buffer, start, position - start, StandardCharsets.ISO_8859_1));
      if (line.length() > maxBytes) {
        throw new HttpException(431, "header section above " + maxBytes + " bytes");
      }
      if (position < limit) {
        position++;
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r'
            ? line.substring(0, end - 1)
            : line.toString();
      }
    }
  }

  byte[] readExactly(int count) throws IOException {
    byte[] bytes = new byte[count];
    int done = 0;
    while (done < count) {
      done += take(bytes, done, count - done);
    }
    return bytes;
  }

  /** Copies {@code count} bytes. */
  void copy(long count, OutputStream out) throws IOException {
    for (long left = count; left > 0; ) {
      requireMore();
      int n = (int) Math.min(left, limit - position);
      out.write(buffer, position, n);
      position += n;
      left -= n;
    }
  }

  /** Copies what is left until the connection ends. */
  void copyToEnd(OutputStream out) throws IOException {
    while (position < limit || fill()) {
      out.write(buffer, position, limit - position);
      position = limit;
    }
  }

  private int take(byte[] into, int offset, int most) throws IOException {
    requireMore();
    int n = Math.min(most, limit - position);
    System.arraycopy(buffer, position, into, offset, n);
    position += n;
    return n;
  }

  private void requireMore() throws IOException {
    if (position == limit && !fill()) {
      throw new EOFException("connection ended within a body");
    }
  }

  private boolean fill() throws IOException {
    int n = in.read(buffer, 0, buffer.length);
    position = 0;
    limit = Math.max(n, 0);
    return n > 0;
  }
}
