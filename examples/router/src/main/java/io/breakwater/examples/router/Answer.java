package io.breakwater.examples.router;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** An answer of the router itself. */
record Answer(
    int status, String contentType, String body, Map<String, String> fields, boolean close) {
  private static final Map<Integer, String> REASONS =
      Map.of(
          200, "OK",
          400, "Bad Request",
          401, "Unauthorized",
          404, "Not Found",
          405, "Method Not Allowed",
          413, "Content Too Large",
          415, "Unsupported Media Type",
          431, "Request Header Fields Too Large",
          502, "Bad Gateway",
          504, "Gateway Timeout");

  static Answer text(int status, String text) {
    return new Answer(status, "text/plain; charset=utf-8", text, Map.of(), false);
  }

  static Answer json(int status, String json) {
    return new Answer(status, "application/json", json, Map.of(), false);
  }

  Answer with(String name, String value) {
    return new Answer(status, contentType, body, Map.of(name, value), close);
  }

  /** The same, telling the client that the connection ends. */
  Answer closing() {
    return new Answer(status, contentType, body, fields, true);
  }

  void writeTo(OutputStream out) throws IOException {
    writeTo(out, true);
  }

  /** Writes it; without the body where the request was a HEAD. */
  void writeTo(OutputStream out, boolean withBody) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder(160);
    head.append("HTTP/1.1 ").append(status).append(' ');
    head.append(REASONS.getOrDefault(status, "")).append("\r\n");
    head.append("Content-Type: ").append(contentType).append("\r\n");
    head.append("Content-Length: ").append(bytes.length).append("\r\n");
    fields.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (close) {
      head.append("Connection: close\r\n");
    }
    head.append("\r\n");
    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    if (withBody) {
      out.write(bytes);
    }
  }
}
