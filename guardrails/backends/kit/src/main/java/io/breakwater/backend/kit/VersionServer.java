package io.breakwater.backend.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Answers every request with the version it stands for, on kept connections. */
public final class VersionServer implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
  private final byte[] answer;

  /** Starts one on a free port of the loopback interface. */
  public VersionServer(String version) throws IOException {
    answer =
        "HTTP/1.1 200 OK\r\nX-Model-Version: %s\r\nContent-Length: 0\r\n\r\n"
            .formatted(version)
            .getBytes(StandardCharsets.US_ASCII);
    start(this::acceptAll);
  }

  /** Where it listens. */
  public int port() {
    return server.getLocalPort();
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      for (@Nullable String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isEmpty()) {
          socket.getOutputStream().write(answer);
        }
      }
    } catch (IOException e) {
      // The target closed it.
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "version-server");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
