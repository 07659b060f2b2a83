package io.breakwater.examples.router;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A version's server that answers each request with the same bytes, and closes its connections
 * after {@code perConnection} answers.
 */
final class StubTarget implements AutoCloseable {
  private final ServerSocket server;
  private final byte[] answer;
  private final int perConnection;
  final AtomicInteger connections = new AtomicInteger();
  final List<String> requests = new CopyOnWriteArrayList<>();

  StubTarget(String answer, int perConnection) throws IOException {
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.answer = answer.getBytes(StandardCharsets.ISO_8859_1);
    this.perConnection = perConnection;
    start(this::acceptAll);
  }

  static StubTarget answering(String body) throws IOException {
    return new StubTarget(
        "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(body.length(), body),
        Integer.MAX_VALUE);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      HttpInput in = new HttpInput(socket.getInputStream());
      for (int i = 0; i < perConnection; i++) {
        Request request = Request.read(in, socket.getOutputStream(), 1 << 20);
        if (request == null) {
          return;
        }
        requests.add(
            request.head().startLine()
                + " "
                + new String(request.body(), StandardCharsets.ISO_8859_1));
        socket.getOutputStream().write(answer);
      }
    } catch (IOException | HttpException e) {
      requests.add(e.toString());
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "stub-target");
    thread.setDaemon(true);
    thread.start();
  }

  /** What is left of a connection until it ends. */
  static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
