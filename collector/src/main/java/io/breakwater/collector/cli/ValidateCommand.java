package io.breakwater.collector.cli;

import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.ModelRule;
import io.breakwater.collector.config.ConfigException;
import io.breakwater.collector.config.GuardrailFile;
import io.breakwater.engine.backend.BackendException;
import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.DeploymentBackend;
import io.breakwater.engine.backend.DeploymentBackendProvider;
import io.breakwater.engine.backend.TargetView;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code validate}: reads a guardrail file, and looks at what it wants to control. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Checks a guardrail file; names everything that is wrong with it.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The guardrail file.")
  private Path file;

  @Option(
      names = "--connect",
      description = "Also read every backend's target and print what it looks like.")
  private boolean connect;

  private ValidateCommand() {}

  @Override
  public Integer call() throws CommandException {
    CollectorConfig config;
    try {
      config = GuardrailFile.reader().read(file);
    } catch (ConfigException e) {
      throw new CommandException(ExitCode.USAGE, Summary.of(e), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    config.models().forEach(rule -> out.println(Summary.of(rule)));
    out.println(file + ": fine");
    return connect ? connectAll(config, out) : ExitCode.FINE;
  }

  private static int connectAll(CollectorConfig config, PrintWriter out) {
    Map<String, DeploymentBackendProvider> providers = new TreeMap<>();
    ServiceLoader.load(DeploymentBackendProvider.class).forEach(p -> providers.put(p.name(), p));
    int exitCode = ExitCode.FINE;
    for (ModelRule rule : config.models()) {
      DeploymentBackendProvider provider =
          rule.backend() == null ? null : providers.get(rule.template().backend());
      if (rule.backend() != null && provider != null) {
        exitCode = Math.max(exitCode, connect(rule, rule.backend(), provider, out));
      }
    }
    return exitCode;
  }

  private static int connect(
      ModelRule rule,
      Map<String, Object> settings,
      DeploymentBackendProvider provider,
      PrintWriter out) {
    String who = "model " + rule.pattern() + ": backend " + provider.name();
    try (DeploymentBackend backend =
        provider.create(BackendSettings.of(rule.pattern(), settings))) {
      out.println(who + ": " + describe(backend.describe()));
      return ExitCode.FINE;
    } catch (BackendException e) {
      out.println(who + ": " + e.getMessage());
      return ExitCode.UNREACHABLE;
    }
  }

  private static String describe(TargetView view) {
    String shares =
        new TreeMap<>(view.shares())
            .entrySet().stream()
                .map(e -> e.getKey() + "=" + Texts.percent(e.getValue()))
                .collect(Collectors.joining(", "));
    return "traffic "
        + (shares.isEmpty() ? "none" : shares)
        + (view.ready().isEmpty() ? "" : "; ready " + String.join(", ", view.ready()))
        + (view.managers().isEmpty()
            ? ""
            : "; also written by " + String.join(", ", view.managers()));
  }
}
