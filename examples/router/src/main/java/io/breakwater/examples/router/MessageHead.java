package io.breakwater.examples.router;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Start line and header fields of one HTTP/1.1 message (RFC 9112, sections 2 to 6). */
record MessageHead(String startLine, List<Field> fields) {
  private static final int MAX_BYTES = 64 * 1024;

  /** Fields that speak about one connection only and are not passed on (RFC 9110, 7.6.1). */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "content-length",
          "expect");

  /** One header field. */
  record Field(String name, String value) {}

  MessageHead {
    fields = List.copyOf(fields);
  }

  /** The next head; null when the connection ended before it began. */
  static @Nullable MessageHead read(HttpInput in) throws IOException, HttpException {
    String start = in.readLine(MAX_BYTES);
    if (start == null) {
      return null;
    }
    List<Field> fields = new ArrayList<>();
    int left = MAX_BYTES - start.length();
    while (true) {
      String line = in.readLine(left);
      if (line == null) {
        throw new EOFException("connection ended within a header section");
      }
      if (line.isEmpty()) {
        return new MessageHead(start, fields);
      }
      left -= line.length();
      fields.add(field(line));
    }
  }

  private static Field field(String line) throws HttpException {
    int colon = line.indexOf(':');
    if (colon < 1 || line.charAt(0) <= ' ' || line.charAt(colon - 1) <= ' ') {
      throw new HttpException(400, "header line: '" + line + "' (expected: name: value)");
    }
    return new Field(line.substring(0, colon), line.substring(colon + 1).strip());
  }

  @Nullable String first(String name) {
    for (Field field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        return field.value();
      }
    }
    return null;
  }

  /** Whether a comma-separated field holds {@code token}. */
  boolean lists(String name, String token) {
    for (Field field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        for (String part : field.value().split(",", -1)) {
          if (part.strip().equalsIgnoreCase(token)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  boolean chunked() {
    return lists("transfer-encoding", "chunked");
  }

  /** The announced length of the body, -1 when none is announced. */
  long contentLength() throws HttpException {
    String length = null;
    for (Field field : fields) {
      if (field.name().equalsIgnoreCase("content-length")) {
        if (length != null && !length.equals(field.value())) {
          throw new HttpException(400, "two different Content-Length fields");
        }
        length = field.value();
      }
    }
    if (length == null) {
      return -1;
    }
    if (chunked() || !length.matches("[0-9]{1,18}")) {
      throw new HttpException(
          400, "Content-Length: " + length + " (expected: one number of bytes)");
    }
    return Long.parseLong(length);
  }

  boolean http11() {
    return startLine.contains("HTTP/1.1");
  }

  /** Whether the sender wants to use the connection again. */
  boolean keepsAlive() {
    return http11() ? !lists("connection", "close") : lists("connection", "keep-alive");
  }

  /** The fields that are meant for the far end, without the body's framing. */
  List<Field> endToEnd() {
    List<Field> kept = new ArrayList<>(fields.size());
    for (Field field : fields) {
      String name = field.name().toLowerCase(Locale.ROOT);
      if (!HOP_BY_HOP.contains(name) && !lists("connection", name)) {
        kept.add(field);
      }
    }
    return kept;
  }
}
