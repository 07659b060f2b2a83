package io.breakwater.agent.dist;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands in for a collector that does not behave like one. */
final class FaultyEndpoint implements AutoCloseable {
  enum Fault {
    /** Nobody listens. */
    REFUSING,
    /** Reads and never answers. */
    HANGING,
    /** Accepts and never reads. */
    DEAF,
    /** Answers well, after half a second. */
    SLOW,
    /** In turn: answers well, 503, hangs up, garbage. */
    FLAPPING,
    /** Answers with random bytes. */
    GARBAGE,
    /** Begins a header that never ends, as fast as it is read. */
    ENDLESS_HEADER,
    /** Begins a body that never ends, as fast as it is read. */
    ENDLESS_BODY,
    /** Answers a byte at a time. */
    TRICKLING
  }

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private final Fault fault;
  private final ServerSocket server;
  private final int port;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger answers = new AtomicInteger();

  private FaultyEndpoint(Fault fault) throws IOException {
    this.fault = fault;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.port = server.getLocalPort();
    if (fault == Fault.REFUSING) {
      server.close();
    } else {
      threads.execute(this::accept);
    }
  }

  static FaultyEndpoint start(Fault fault) throws IOException {
    return new FaultyEndpoint(fault);
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        open.add(socket);
        if (fault != Fault.DEAF) {
          threads.execute(() -> serve(socket));
        }
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  private void serve(Socket socket) {
    try (Socket connection = socket;
        InputStream in = connection.getInputStream()) {
      int length = readHead(in);
      while (length >= 0) {
        in.readNBytes(length);
        if (!answer(connection.getOutputStream())) {
          return;
        }
        length = readHead(in);
      }
    } catch (IOException | InterruptedException e) {
      // the other side went away, or the test is over
    } finally {
      open.remove(socket);
    }
  }

  /** Answers one request; returns whether the connection stays. */
  private boolean answer(OutputStream out) throws IOException, InterruptedException {
    switch (fault) {
      case HANGING:
        TimeUnit.HOURS.sleep(1);
        return false;
      case SLOW:
        Thread.sleep(500);
        out.write(OK.getBytes(ISO_8859_1));
        return true;
      case FLAPPING:
        return flap(out);
      case GARBAGE:
        byte[] garbage = new byte[4_096];
        new Random(answers.incrementAndGet()).nextBytes(garbage);
        out.write(garbage);
        return false;
      case ENDLESS_HEADER:
        return endless("HTTP/1.1 200 OK\r\nX: ", out, 0);
      case ENDLESS_BODY:
        return endless("HTTP/1.1 200 OK\r\n\r\n", out, 0);
      case TRICKLING:
        return endless("HTTP/1.1 200 OK\r\nX: ", out, 200);
      default:
        throw new AssertionError(fault);
    }
  }

  private boolean flap(OutputStream out) throws IOException {
    switch (answers.getAndIncrement() / 5 % 4) {
      case 0:
        out.write(OK.getBytes(ISO_8859_1));
        return true;
      case 1:
        out.write(OK.replace("200 OK", "503 Busy").getBytes(ISO_8859_1));
        return true;
      case 2:
        return false;
      default:
        out.write("SSH-2.0-OpenSSH_9.2\r\n".getBytes(ISO_8859_1));
        return false;
    }
  }

  private static boolean endless(String begin, OutputStream out, long pauseMillis)
      throws IOException, InterruptedException {
    out.write(begin.getBytes(ISO_8859_1));
    byte[] more = "a".repeat(pauseMillis > 0 ? 1 : 8_192).getBytes(ISO_8859_1);
    while (true) {
      out.write(more);
      Thread.sleep(pauseMillis);
    }
  }

  /** Reads up to the body; returns its length, -1 at the end. */
  private static int readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return -1;
      }
      head.append((char) next);
    }
    for (String line : head.toString().split("\r\n")) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        return Integer.parseInt(line.substring(15).trim());
      }
    }
    return 0;
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
