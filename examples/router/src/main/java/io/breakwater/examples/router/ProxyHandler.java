package io.breakwater.examples.router;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Passes each request to the version whose turn it is, and its answer back. */
final class ProxyHandler implements HttpListener.Handler {
  /** Names the version that answered, or that could not. */
  static final String VERSION_FIELD = "X-Model-Version";

  private final Traffic traffic;
  private final Map<String, Target> targets;

  ProxyHandler(Traffic traffic, Map<String, Target> targets) {
    this.traffic = traffic;
    this.targets = targets;
  }

  @Override
  public boolean handle(Request request, OutputStream out) throws IOException {
    Target target = targets.get(traffic.nextVersion());
    if (target == null) {
      throw new IllegalStateException("a split names a version without a target");
    }
    target.requests.increment();
    TargetConnection connection;
    try {
      connection = target.send(request);
    } catch (IOException e) {
      target.unreachable.increment();
      failure(target, e).writeTo(out, !request.method().equals("HEAD"));
      return true;
    }
    target.countAnswer(connection.status());
    return relay(request, target, connection, out);
  }

  private static Answer failure(Target target, IOException e) {
    int status = e instanceof SocketTimeoutException ? 504 : 502;
    String text = "version " + target.version() + " at " + target.uri() + ": " + e.getMessage();
    return Answer.text(status, text + "\n").with(VERSION_FIELD, target.version());
  }

  private static boolean relay(
      Request request, Target target, TargetConnection connection, OutputStream out)
      throws IOException {
    boolean reusable = false;
    try {
      Body body = Body.of(request, connection);
      writeHead(request, target, connection, body, out);
      body.copy(connection.in(), out);
      reusable = body.kind() != Body.Kind.TO_END && connection.head().keepsAlive();
      return !body.endsConnection();
    } catch (HttpException e) {
      throw new IOException("version " + target.version() + ": " + e.getMessage(), e);
    } finally {
      if (reusable) {
        target.keep(connection);
      } else {
        connection.close();
      }
    }
  }

  private static void writeHead(
      Request request, Target target, TargetConnection connection, Body body, OutputStream out)
      throws IOException {
    StringBuilder text = new StringBuilder(256);
    String line = connection.head().startLine();
    text.append("HTTP/1.1").append(line.substring(line.indexOf(' '))).append("\r\n");
    for (MessageHead.Field field : connection.head().endToEnd()) {
      if (!field.name().equalsIgnoreCase(VERSION_FIELD)) {
        text.append(field.name()).append(": ").append(field.value()).append("\r\n");
      }
    }
    text.append(VERSION_FIELD).append(": ").append(target.version()).append("\r\n");
    text.append(body.framing());
    if (!body.endsConnection()) {
      text.append("Connection: ").append(request.head().keepsAlive() ? "keep-alive" : "close");
      text.append("\r\n");
    }
    text.append("\r\n");
    out.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
  }
}
