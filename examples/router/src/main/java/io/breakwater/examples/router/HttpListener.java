package io.breakwater.examples.router;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Accepts HTTP/1.1 connections on one port and gives their requests to a handler, one thread per
 * connection. Keep-alive connections are few and busy here; a thread blocked in a read costs
 * nothing else.
 */
final class HttpListener implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 1_000;
  private static final int IDLE_MILLIS = 120_000;
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int LINGER_MILLIS = 500;
  private static final int MAX_LINGER_BYTES = 1024 * 1024;

  /** Answers requests. Called by many threads. */
  interface Handler {
    /** Writes the whole answer; returns whether the connection can be used again. */
    boolean handle(Request request, OutputStream out) throws IOException, HttpException;
  }

  private final String name;
  private final ServerSocket server;
  private final Handler handler;
  private final int maxBodyBytes;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  private HttpListener(String name, ServerSocket server, Handler handler, int maxBodyBytes) {
    this.name = name;
    this.server = server;
    this.handler = handler;
    this.maxBodyBytes = maxBodyBytes;
  }

  /** Binds and starts accepting. */
  static HttpListener start(
      String name, InetSocketAddress address, int maxBodyBytes, Handler handler)
      throws IOException {
    ServerSocket server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(address, 512);
    } catch (IOException e) {
      server.close();
      throw new IOException(name + ": cannot listen on " + address + ": " + e.getMessage(), e);
    }
    HttpListener listener = new HttpListener(name, server, handler, maxBodyBytes);
    Thread acceptor = new Thread(listener::acceptAll, "router-" + name + "-accept");
    acceptor.start();
    return listener;
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        accept(server.accept());
      } catch (SocketException e) {
        if (!server.isClosed()) {
          System.err.println("router: " + name + ": accept failed: " + e.getMessage());
        }
      } catch (IOException e) {
        System.err.println("router: " + name + ": accept failed: " + e.getMessage());
      }
    }
  }

  private void accept(Socket socket) throws IOException {
    if (connections.size() >= MAX_CONNECTIONS) {
      socket.close();
      return;
    }
    connections.add(socket);
    Thread thread = new Thread(() -> serve(socket), "router-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(IDLE_MILLIS);
      HttpInput in = new HttpInput(socket.getInputStream());
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
      try {
        while (serveOne(in, out)) {
          out.flush();
        }
        out.flush();
      } catch (HttpException e) {
        Answer.text(e.status(), e.getMessage() + "\n").closing().writeTo(out);
        out.flush();
        linger(socket);
      }
    } catch (IOException e) {
      // The client went away or fell silent; the loss is its own.
    } finally {
      connections.remove(socket);
    }
  }

  private boolean serveOne(HttpInput in, OutputStream out) throws IOException, HttpException {
    Request request = Request.read(in, out, maxBodyBytes);
    return request != null && handler.handle(request, out) && request.head().keepsAlive();
  }

  /** Reads on for a moment: closing with unread bytes would make the client lose the answer. */
  private static void linger(Socket socket) throws IOException {
    socket.shutdownOutput();
    socket.setSoTimeout(LINGER_MILLIS);
    byte[] unread = new byte[BUFFER_BYTES];
    int left = MAX_LINGER_BYTES;
    for (int n = 0; n >= 0 && left > 0; n = socket.getInputStream().read(unread)) {
      left -= n;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : connections) {
      socket.close();
    }
  }
}
