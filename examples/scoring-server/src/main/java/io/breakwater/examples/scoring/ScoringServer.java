package io.breakwater.examples.scoring;

import ai.onnxruntime.OrtException;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The server: options, model, HTTP. */
final class ScoringServer implements AutoCloseable {
  private final ModelSlot slot;
  private final HttpServer http;
  private final ExecutorService threads;

  private ScoringServer(ModelSlot slot, HttpServer http, ExecutorService threads) {
    this.slot = slot;
    this.http = http;
    this.threads = threads;
  }

  /**
   * Starts the server, prints one ready line and returns; the server's threads go on.
   *
   * @param args see {@link ServerOptions#USAGE}
   */
  public static void main(String[] args) {
    if (args.length == 1 && args[0].equals("--help")) {
      System.out.print(ServerOptions.USAGE);
      return;
    }
    // Read by the JDK's server when its classes load: without the first every answer waits for the
    // client's delayed acknowledgement, without the others a busy proxy's connections are closed.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "1000");
    System.setProperty("sun.net.httpserver.idleInterval", "600");
    try {
      ServerOptions options = ServerOptions.parse(args);
      ScoringServer server = start(options);
      System.out.println(
          "scoring-server ready: http="
              + options.host()
              + ":"
              + server.port()
              + " model="
              + server.slot.name()
              + " version="
              + server.slot.use(ScoringModel::version));
    } catch (IllegalArgumentException e) {
      System.err.println("scoring-server: " + e.getMessage());
      System.err.print(ServerOptions.USAGE);
      System.exit(2);
    } catch (IOException | OrtException | HttpProblem e) {
      System.err.println("scoring-server: cannot start: " + e.getMessage());
      System.exit(1);
    }
  }

  /** Opens the model and starts to listen. */
  static ScoringServer start(ServerOptions options) throws IOException, OrtException {
    ModelSlot slot = ModelSlot.open(options);
    try {
      return listen(options, slot);
    } catch (IOException e) {
      slot.close();
      throw new IOException(options.host() + ":" + options.port() + ": " + e.getMessage(), e);
    }
  }

  private static ScoringServer listen(ServerOptions options, ModelSlot slot) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(options.host(), options.port()), 1_024);
    ExecutorService threads = Executors.newFixedThreadPool(options.threads());
    http.createContext("/", new InferenceHandler(slot, options.schema()));
    http.setExecutor(threads);
    http.start();
    return new ScoringServer(slot, http, threads);
  }

  int port() {
    return http.getAddress().getPort();
  }

  @Override
  public void close() throws OrtException {
    http.stop(0);
    threads.shutdownNow();
    slot.close();
  }
}
