package io.breakwater.examples.demo;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The example router, moved by signed webhooks. */
final class RouterSplit implements TrafficSplit {
  private static final String SECRET_VARIABLE = "DEMO_TRAFFIC_SECRET";
  private static final Pattern READY = Pattern.compile("http=(\\S+) admin=(\\S+)");

  private final ChildProcess process;
  private final String secret;
  private final URI address;
  private final URI admin;

  private RouterSplit(ChildProcess process, String secret, String ready) throws IOException {
    Matcher addresses = READY.matcher(ready);
    if (!addresses.find()) {
      throw new IOException("the router's ready line says neither http= nor admin=: " + ready);
    }
    this.process = process;
    this.secret = secret;
    this.address = URI.create("http://" + addresses.group(1));
    this.admin = URI.create("http://" + addresses.group(2) + "/traffic");
  }

  /** Starts the router with 80 % of the traffic on the stable version. */
  static RouterSplit start(Launcher launcher, URI stable, URI canary, Duration patience)
      throws IOException, InterruptedException {
    String secret = launcher.newSecret();
    ChildProcess process =
        launcher.java(
            "router",
            "router ready:",
            Map.of(SECRET_VARIABLE, secret),
            List.of("-Xmx128m", "-XX:+UseSerialGC"),
            launcher.jar("examples/router/target/router.jar"),
            List.of(
                "--port",
                "0",
                "--admin-port",
                "0",
                "--target",
                Stack.STABLE + "=" + stable,
                "--target",
                Stack.CANARY + "=" + canary,
                "--weights",
                Stack.STABLE + "=0.8," + Stack.CANARY + "=0.2",
                "--secret-env",
                SECRET_VARIABLE));
    return new RouterSplit(process, secret, process.awaitReady(patience));
  }

  @Override
  public URI address() {
    return address;
  }

  @Override
  public String backendSection() {
    return "{type: webhook, url: \"" + admin + "\", secret: \"${env:" + SECRET_VARIABLE + "}\"}";
  }

  @Override
  public Map<String, String> collectorEnvironment() {
    return Map.of(SECRET_VARIABLE, secret);
  }

  @Override
  public String description() {
    return "the example router";
  }

  @Override
  public void close() {
    process.close();
  }
}
