package io.breakwater.examples.router;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * How the body of an answer is delimited (RFC 9112, section 6.3) and how it is passed on.
 *
 * @param length bytes, only for {@link Kind#LENGTH}
 * @param announced the Content-Length field of an answer to HEAD, which has no body
 */
record Body(Kind kind, long length, boolean clientHttp11, @Nullable String announced) {
  /** The ways to delimit. */
  enum Kind {
    NONE,
    LENGTH,
    CHUNKED,
    TO_END
  }

  static Body of(Request request, TargetConnection connection) throws IOException, HttpException {
    MessageHead head = connection.head();
    boolean http11 = request.head().http11();
    int status = connection.status();
    if (request.method().equals("HEAD") || status == 204 || status == 304) {
      return new Body(Kind.NONE, 0, http11, head.first("content-length"));
    }
    if (head.chunked()) {
      return new Body(Kind.CHUNKED, 0, http11, null);
    }
    long length = head.contentLength();
    return new Body(length < 0 ? Kind.TO_END : Kind.LENGTH, length, http11, null);
  }

  /** Whether the client sees the end of the body only by the end of its connection. */
  boolean endsConnection() {
    return kind == Kind.TO_END || (kind == Kind.CHUNKED && !clientHttp11);
  }

  /** The header lines that tell the client. */
  String framing() {
    if (endsConnection()) {
      return "Connection: close\r\n";
    }
    if (kind == Kind.CHUNKED) {
      return "Transfer-Encoding: chunked\r\n";
    }
    if (kind == Kind.LENGTH) {
      return "Content-Length: " + length + "\r\n";
    }
    return announced == null ? "" : "Content-Length: " + announced + "\r\n";
  }

  void copy(HttpInput in, OutputStream out) throws IOException, HttpException {
    switch (kind) {
      case LENGTH -> in.copy(length, out);
      case CHUNKED -> Chunks.copy(in, out, clientHttp11, Long.MAX_VALUE);
      case TO_END -> in.copyToEnd(out);
      case NONE -> {}
    }
  }
}
