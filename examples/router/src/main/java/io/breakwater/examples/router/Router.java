package io.breakwater.examples.router;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A weighted reverse proxy for versions of a model: one port for requests, one for changing the
 * weights.
 */
public final class Router implements AutoCloseable {
  private static final int MAX_REQUEST_BYTES = 16 * 1024 * 1024;
  private static final int MAX_ADMIN_BYTES = 64 * 1024;

  private final HttpListener requests;
  private final HttpListener admin;

  private Router(HttpListener requests, HttpListener admin) {
    this.requests = requests;
    this.admin = admin;
  }

  static Router start(RouterOptions options) throws IOException {
    return start(options, new Traffic(options.split(), options.spread()));
  }

  static Router start(RouterOptions options, Traffic traffic) throws IOException {
    Map<String, Target> targets = new LinkedHashMap<>();
    options.targets().forEach((version, uri) -> targets.put(version, new Target(version, uri)));
    HttpListener requests =
        HttpListener.start(
            "http",
            new InetSocketAddress(options.host(), options.port()),
            MAX_REQUEST_BYTES,
            new ProxyHandler(traffic, targets));
    try {
      AdminHandler adminHandler = new AdminHandler(traffic, targets, signature(options.secret()));
      adminHandler.rehearse();
      HttpListener admin =
          HttpListener.start(
              "admin",
              new InetSocketAddress(options.host(), options.adminPort()),
              MAX_ADMIN_BYTES,
              adminHandler);
      return new Router(requests, admin);
    } catch (IOException e) {
      requests.close();
      throw e;
    }
  }

  private static @Nullable Signature signature(@Nullable String secret) {
    return secret == null ? null : new Signature(secret, Clock.systemUTC());
  }

  InetSocketAddress address() {
    return requests.address();
  }

  InetSocketAddress adminAddress() {
    return admin.address();
  }

  @Override
  public void close() throws IOException {
    requests.close();
    admin.close();
  }

  /** Runs a router until the process is ended. */
  public static void main(String[] args) {
    if (List.of(args).contains("--help")) {
      System.out.print(RouterOptions.USAGE);
      return;
    }
    try {
      Router router = start(RouterOptions.parse(args, System.getenv()));
      System.out.println(
          "router ready: http=" + text(router.address()) + " admin=" + text(router.adminAddress()));
    } catch (IllegalArgumentException e) {
      System.err.print("router: " + e.getMessage() + "\n" + RouterOptions.USAGE);
      System.exit(2);
    } catch (IOException e) {
      System.err.println("router: " + e.getMessage());
      System.exit(1);
    }
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
