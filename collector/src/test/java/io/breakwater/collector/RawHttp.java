package io.breakwater.collector;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** HTTP as bytes, for what no decent client sends. */
public final class RawHttp {
  private RawHttp() {}

  /** Sends a request and returns everything that comes back until the connection ends. */
  public static String send(int port, String... lines) throws IOException {
    String head = String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
    return exchange(port, head);
  }

  /** Sends bytes and returns what comes back until the connection ends or falls silent. */
  public static String exchange(int port, String bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(15_000);
      OutputStream out = socket.getOutputStream();
      out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      byte[] part = new byte[8192];
      try {
        for (int n = socket.getInputStream().read(part);
            n >= 0;
            n = socket.getInputStream().read(part)) {
          answer.write(part, 0, n);
          socket.setSoTimeout(200);
        }
      } catch (SocketTimeoutException e) {
        // nothing follows
      }
      return answer.toString(StandardCharsets.ISO_8859_1);
    }
  }

  /** The status of an answer. */
  public static int status(String answer) {
    return Integer.parseInt(answer.split(" ", 3)[1]);
  }
}
