package io.breakwater.examples.router;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A connection to a target. One request at a time. */
final class TargetConnection {
  private static final int CONNECT_MILLIS = 1_000;
  private static final int ANSWER_MILLIS = 30_000;

  private final Socket socket;
  private final HttpInput in;
  private final OutputStream out;
  private MessageHead head = new MessageHead("", java.util.List.of());
  private long idleSince;

  private TargetConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new HttpInput(socket.getInputStream());
    this.out = new BufferedOutputStream(socket.getOutputStream(), 16 * 1024);
  }

  static TargetConnection open(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(address, CONNECT_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      return new TargetConnection(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Sends a request and reads the final answer's head; interim ones (1xx) are skipped. */
  void send(Request request) throws IOException {
    request.writeTo(out);
    try {
      do {
        MessageHead read = MessageHead.read(in);
        if (read == null) {
          throw new EOFException("connection closed without an answer");
        }
        head = read;
      } while (status() / 100 == 1);
    } catch (HttpException e) {
      throw new IOException("answer is not HTTP/1.1: " + e.getMessage(), e);
    }
  }

  MessageHead head() {
    return head;
  }

  int status() throws IOException {
    String[] parts = head.startLine().split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("[1-5][0-9]{2}")) {
      throw new IOException("answer is not HTTP/1.1: '" + head.startLine() + "'");
    }
    return Integer.parseInt(parts[1]);
  }

  HttpInput in() {
    return in;
  }

  long idleSince() {
    return idleSince;
  }

  void idleSince(long nanos) {
    idleSince = nanos;
  }

  void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing is lost: it was not going to be used again.
    }
  }
}
