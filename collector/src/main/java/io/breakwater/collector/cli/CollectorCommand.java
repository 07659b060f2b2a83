package io.breakwater.collector.cli;

import io.breakwater.collector.Collector;
import io.breakwater.collector.CollectorException;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.Listen;
import io.breakwater.collector.config.ConfigException;
import io.breakwater.collector.config.Exposure;
import io.breakwater.collector.config.GuardrailFile;
import io.breakwater.collector.store.StoreException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code collector}: runs until it is told to stop. */
@Command(
    name = "collector",
    mixinStandardHelpOptions = true,
    description = {
      "Takes metrics, judges, acts; runs until SIGTERM or SIGINT.",
      "SIGHUP reads the guardrail file again; a bad one is refused and the old one stays."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CollectorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "breakwater.yaml",
      description = "The guardrail file (default: ${DEFAULT-VALUE}).")
  private Path file;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "breakwater-data",
      description = "Where journal and history are kept (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Address to listen on; beyond loopback tokens are required.")
  private @Nullable String host;

  @Option(
      names = "--otlp-grpc-port",
      paramLabel = "PORT",
      description = "Port for OTLP over gRPC, 0 = any free one (default: 4317).")
  private @Nullable Integer otlpGrpcPort;

  @Option(
      names = "--otlp-http-port",
      paramLabel = "PORT",
      description = "Port for OTLP over HTTP, 0 = any free one (default: 4318).")
  private @Nullable Integer otlpHttpPort;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description = "Port for page, API and metrics, 0 = any free one (default: 9470).")
  private @Nullable Integer httpPort;

  private CollectorCommand() {}

  @Override
  public Integer call() throws CommandException, InterruptedException {
    CollectorConfig config = config();
    CountDownLatch stop = new CountDownLatch(1);
    try (Collector collector = start(config)) {
      tellSettings(config);
      warnIfInTheClear(config);
      Signals.on("TERM", stop::countDown);
      Signals.on("INT", stop::countDown);
      if (!Signals.on("HUP", () -> reload(collector))) {
        LoggerFactory.getLogger(CollectorCommand.class)
            .warn(
                "SIGHUP cannot be used here (started by nohup?):"
                    + " reload with POST /api/v1/config/reload");
      }
      announce(config.listen().host(), collector);
      stop.await();
    }
    return ExitCode.FINE;
  }

  private CollectorConfig config() throws CommandException {
    try {
      CollectorConfig config = GuardrailFile.reader().read(file);
      CollectorConfig overridden = config.listeningOn(overridden(config.listen()));
      String objection = Exposure.objection(overridden);
      if (objection != null) {
        throw new CommandException(ExitCode.USAGE, "--host: " + objection);
      }
      return overridden;
    } catch (ConfigException e) {
      throw new CommandException(ExitCode.USAGE, Summary.of(e), e);
    }
  }

  private Listen overridden(Listen file) {
    return new Listen(
        host == null ? file.host() : host,
        port("--otlp-grpc-port", otlpGrpcPort, file.otlpGrpcPort()),
        port("--otlp-http-port", otlpHttpPort, file.otlpHttpPort()),
        port("--http-port", httpPort, file.httpPort()));
  }

  private int port(String option, @Nullable Integer given, int absent) {
    if (given == null) {
      return absent;
    }
    if (given < 0 || given > 65_535) {
      throw new ParameterException(
          spec.commandLine(),
          option + ": " + given + " (expected: a port from 0 (any free one) to 65535)");
    }
    return given;
  }

  private Collector start(CollectorConfig config) throws CommandException {
    try {
      return Collector.start(config, data);
    } catch (CollectorException | StoreException e) {
      throw new CommandException(ExitCode.USAGE, e.getMessage() + hint(e), e);
    }
  }

  /** What to do about a port that is taken; the native transport throws no BindException. */
  private static String hint(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException
          || String.valueOf(cause.getMessage()).contains("Address already in use")) {
        return " (expected: a free port; stop what listens there, or choose another with"
            + " --otlp-grpc-port, --otlp-http-port or --http-port, 0 = any free one)";
      }
    }
    return "";
  }

  private void announce(String host, Collector collector) {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "breakwater collector ready: otlp-grpc="
            + shown
            + ":"
            + collector.otlpGrpcPort()
            + " otlp-http="
            + shown
            + ":"
            + collector.otlpHttpPort()
            + " http="
            + shown
            + ":"
            + collector.httpPort());
    out.flush();
  }

  /** What is in effect, without secrets. */
  private static void tellSettings(CollectorConfig config) {
    Logger log = LoggerFactory.getLogger(CollectorCommand.class);
    log.info("{} is in force, digest {}", config.source(), config.digest());
    config.models().forEach(rule -> log.info("{}", Summary.of(rule)));
    String limits = Summary.of(config.limits());
    if (!limits.isEmpty()) {
      log.info("limits: {}", limits);
    }
    config.alerts().forEach(target -> log.info("alert {}", target.name()));
    config.tokens().forEach(token -> log.info("token {}: {}", token.name(), token.role()));
    config.security().clients().forEach((name, role) -> log.info("client {}: {}", name, role));
  }

  private static void warnIfInTheClear(CollectorConfig config) {
    if (Exposure.isInTheClear(config)) {
      LoggerFactory.getLogger(CollectorCommand.class)
          .warn(
              "{} is reachable from other machines without TLS: tokens cross the network in the"
                  + " clear (expected: tls: in the guardrail file, or TLS in front)",
              config.listen().host());
    }
  }

  private static void reload(Collector collector) {
    Logger log = LoggerFactory.getLogger(CollectorCommand.class);
    try {
      tellSettings(collector.reload("SIGHUP").config());
    } catch (ConfigException e) {
      e.problems().forEach(problem -> log.error("{}", problem));
      log.error("The guardrail file is refused; the one before stays in force");
    }
  }
}
