package io.breakwater.agent.llm.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Answers HTTP requests on loopback as a vendor would: with JSON, or with server-sent events. One
 * prepared answer for each request, in order; a request too many gets a status of 500.
 */
public final class VendorServer implements AutoCloseable {
  private static final long LONG_ENOUGH_SECONDS = 60;

  /** Writes the answer to one request. */
  private interface Reply {
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Semaphore steps = new Semaphore(0);

  private VendorServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** A server on a free port. */
  public static VendorServer start() throws IOException {
    return new VendorServer();
  }

  /** Its address, without a slash at the end. */
  public String url() {
    return "http://" + server.getAddress().getHostString() + ":" + server.getAddress().getPort();
  }

  /** Bodies of the requests so far. */
  public List<String> requests() {
    return requests;
  }

  /** Answers a request with JSON. */
  public VendorServer answers(int status, String json) {
    replies.add(
        exchange -> {
          byte[] body = json.getBytes(UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
        });
    return this;
  }

  /** Answers a request with events, each sent as soon as it can be. */
  public VendorServer streams(String... events) {
    replies.add(exchange -> stream(exchange, 0, false, events));
    return this;
  }

  /** The same, but each event is sent only after a {@link #step}. */
  public VendorServer streamsStepwise(String... events) {
    replies.add(exchange -> stream(exchange, 0, true, events));
    return this;
  }

  /** Answers a request with events, and breaks the connection before the answer's end. */
  public VendorServer streamsAndBreaks(String... events) {
    replies.add(exchange -> stream(exchange, Integer.MAX_VALUE, false, events));
    return this;
  }

  /** Lets one event go. */
  public void step() {
    step(1);
  }

  /** Lets several events go. */
  public void step(int events) {
    steps.release(events);
  }

  private void stream(HttpExchange exchange, int length, boolean stepwise, String... events)
      throws IOException, InterruptedException {
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, length);
    OutputStream out = exchange.getResponseBody();
    for (String event : events) {
      if (stepwise && !steps.tryAcquire(LONG_ENOUGH_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("nobody waits for " + event);
      }
      out.write((event + "\n\n").getBytes(UTF_8));
      out.flush();
    }
    if (length > 0) {
      throw new IOException("broken on purpose");
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try {
      requests.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      Reply reply = replies.poll();
      if (reply == null) {
        exchange.sendResponseHeaders(500, -1);
      } else {
        reply.to(exchange);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
