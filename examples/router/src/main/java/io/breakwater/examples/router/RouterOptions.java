package io.breakwater.examples.router;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param port where requests come in, 0 = any free one
 * @param adminPort where weights are set, 0 = any free one
 * @param secret shared secret of the signatures on the admin port, null = unsigned is fine
 */
record RouterOptions(
    String host,
    int port,
    int adminPort,
    Map<String, URI> targets,
    Split split,
    Spread.Kind spread,
    @Nullable String secret) {
  static final String USAGE =
      """
      usage: java -jar router.jar --port P --admin-port A --target VERSION=URL ... --weights VERSION=SHARE,...
        --port P            where requests come in; 0 = any free port
        --admin-port A      GET/POST /traffic and GET /stats; 0 = any free port
        --target 1=URL      server of a version, http://HOST:PORT; once per version
        --weights 1=0.8,2=0.2   share of requests per version; adds up to 1
        --spread random     each request on its own (default), or smooth: evenly in turn
        --secret-env NAME   environment variable with the secret that changes must be signed with
        --host HOST         address to listen on (default 127.0.0.1)
      """;

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException with what is wrong and what would be right
   */
  static RouterOptions parse(String[] args, Map<String, String> environment) {
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, URI> targets = new LinkedHashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      String name = args[i];
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(name + ": has no value");
      }
      switch (name) {
        case "--target" -> addTarget(args[i + 1], targets);
        case "--port", "--admin-port", "--weights", "--spread", "--secret-env", "--host" ->
            values.put(name, args[i + 1]);
        default -> throw new IllegalArgumentException(name + ": unknown option");
      }
    }
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("--target: missing (expected: VERSION=http://HOST:PORT)");
    }
    return new RouterOptions(
        values.getOrDefault("--host", "127.0.0.1"),
        port(values, "--port"),
        port(values, "--admin-port"),
        targets,
        Split.of(weights(required(values, "--weights")), targets.keySet()),
        spread(values.getOrDefault("--spread", "random")),
        secret(values.get("--secret-env"), environment));
  }

  private static void addTarget(String value, Map<String, URI> targets) {
    int equals = value.indexOf('=');
    IllegalArgumentException wrong =
        new IllegalArgumentException(
            "--target: " + value + " (expected: VERSION=http://HOST:PORT without a path)");
    if (equals < 1) {
      throw wrong;
    }
    try {
      URI uri = new URI(value.substring(equals + 1));
      boolean bare = uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/");
      if (!"http".equals(uri.getScheme()) || uri.getHost() == null || !bare) {
        throw wrong;
      }
      targets.put(value.substring(0, equals), uri);
    } catch (URISyntaxException e) {
      wrong.initCause(e);
      throw wrong;
    }
  }

  private static Map<String, Double> weights(String value) {
    Map<String, Double> weights = new LinkedHashMap<>();
    for (String part : value.split(",", -1)) {
      int equals = part.indexOf('=');
      try {
        weights.put(
            part.substring(0, Math.max(equals, 0)), Double.valueOf(part.substring(equals + 1)));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "--weights: " + value + " (expected: VERSION=SHARE,..., for example 1=0.8,2=0.2)", e);
      }
    }
    return weights;
  }

  private static int port(Map<String, String> values, String name) {
    String value = required(values, name);
    if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > 65_535) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to 65535)");
    }
    return Integer.parseInt(value);
  }

  private static Spread.Kind spread(String value) {
    try {
      return Spread.Kind.valueOf(value.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--spread: " + value + " (expected: random or smooth)", e);
    }
  }

  private static @Nullable String secret(@Nullable String name, Map<String, String> environment) {
    if (name == null) {
      return null;
    }
    String secret = environment.get(name);
    if (secret == null || secret.isEmpty()) {
      throw new IllegalArgumentException(
          "--secret-env: " + name + " is not set (expected: a variable that holds the secret)");
    }
    return secret;
  }

  private static String required(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + ": missing");
    }
    return value;
  }
}
