package io.breakwater.examples.router;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request with its whole body: inference requests are small, and a whole one can be re-sent.
 */
final class Request {
  private final MessageHead head;
  private final String method;
  private final String target;
  private final byte[] body;

  private Request(MessageHead head, String method, String target, byte[] body) {
    this.head = head;
    this.method = method;
    this.target = target;
    this.body = body;
  }

  /**
   * The next request; null when the client closed the connection.
   *
   * @param replies where {@code 100 Continue} is sent when the client waits for it
   */
  static @Nullable Request read(HttpInput in, OutputStream replies, int maxBodyBytes)
      throws IOException, HttpException {
    MessageHead head = MessageHead.read(in);
    if (head == null) {
      return null;
    }
    String[] parts = head.startLine().split(" ", -1);
    if (parts.length != 3 || !parts[2].startsWith("HTTP/1.") || parts[1].isEmpty()) {
      throw new HttpException(
          400, "request line: '" + head.startLine() + "' (expected: METHOD TARGET HTTP/1.1)");
    }
    return new Request(head, parts[0], parts[1], body(in, head, replies, maxBodyBytes));
  }

  private static byte[] body(HttpInput in, MessageHead head, OutputStream replies, int maxBytes)
      throws IOException, HttpException {
    long length = head.contentLength();
    if (length > maxBytes) {
      throw new HttpException(
          413, "body of " + length + " bytes (expected: at most " + maxBytes + ")");
    }
    if (length <= 0 && !head.chunked()) {
      return new byte[0];
    }
    if (head.lists("expect", "100-continue")) {
      replies.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      replies.flush();
    }
    if (length > 0) {
      return in.readExactly((int) length);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Chunks.copy(in, bytes, false, maxBytes);
    return bytes.toByteArray();
  }

  MessageHead head() {
    return head;
  }

  String method() {
    return method;
  }

  /** The path without its query. */
  String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  byte[] body() {
    return body;
  }

  /** Writes the request as it goes to a target, on a connection that is to be kept. */
  void writeTo(OutputStream out) throws IOException {
    StringBuilder text = new StringBuilder(256);
    text.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    List<MessageHead.Field> fields = head.endToEnd();
    for (MessageHead.Field field : fields) {
      text.append(field.name()).append(": ").append(field.value()).append("\r\n");
    }
    if (body.length > 0 || head.first("content-length") != null || head.chunked()) {
      text.append("Content-Length: ").append(body.length).append("\r\n");
    }
    text.append("\r\n");
    out.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    out.write(body);
    out.flush();
  }
}
