package io.breakwater.examples.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.breakwater.examples.demo.Terminal.Tone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The demo: runs its scenarios one after the other and says whether all went as expected. */
final class Demo {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long ROW_SEED = 20_261_121;

  private final DemoOptions options;
  private final Terminal terminal;
  private final List<RunResult> results = new ArrayList<>();

  private Demo(DemoOptions options, Terminal terminal) {
    this.options = options;
    this.terminal = terminal;
  }

  /**
   * Runs the demo and ends the JVM.
   *
   * @param args see {@link DemoOptions#USAGE}
   */
  public static void main(String[] args) {
    if (Arrays.asList(args).contains("--help")) {
      System.out.print(DemoOptions.USAGE);
      return;
    }
    try {
      DemoOptions options = DemoOptions.parse(args);
      Terminal terminal = Terminal.standard(Boolean.getBoolean("breakwater.demo.terminal"));
      System.exit(new Demo(options, terminal).runAll() ? 0 : 1);
    } catch (IllegalArgumentException e) {
      System.err.println("demo: " + e.getMessage());
      System.exit(2);
    } catch (IOException e) {
      System.err.println("demo: " + e.getMessage());
      System.exit(1);
    } catch (InterruptedException e) {
      System.exit(1);
    }
  }

  private boolean runAll() throws IOException, InterruptedException {
    Districts districts =
        Districts.read(
            options.root().resolve("examples/scoring-server/target/scoring-server.jar"), ROW_SEED);
    introduce();
    for (Scenario scenario : options.scenarios()) {
      List<Double> shares =
          scenario == Scenario.ERRORS ? options.failing() : options.failing().subList(0, 1);
      for (double failing : shares) {
        series(scenario, failing, districts);
      }
    }
    if (options.scenarios().size() > 1) {
      new Summary(terminal).ofScenarios(results);
    }
    return results.stream().allMatch(RunResult::success);
  }

  private void series(Scenario scenario, double failing, Districts districts)
      throws IOException, InterruptedException {
    int before = results.size();
    for (int run = 1; run <= options.runs(); run++) {
      terminal.line("");
      terminal.line(
          Tone.STRONG,
          "scenario %s, backend %s%s"
              .formatted(
                  scenario,
                  options.backend(),
                  options.runs() > 1 ? ", run " + run + " of " + options.runs() : ""));
      runOnce(new DemoRun(options, scenario, failing, terminal, districts), run);
    }
    if (options.runs() > 1) {
      new Summary(terminal).ofRuns(results.subList(before, results.size()));
    }
  }

  private void runOnce(DemoRun run, int seed) throws IOException, InterruptedException {
    Launcher launcher = new Launcher(options.root());
    Thread hook = new Thread(() -> closeQuietly(launcher), "demo-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    try (launcher) {
      run.run(launcher, seed, this::finished);
    } finally {
      removeHook(hook);
    }
  }

  private void finished(RunResult result) {
    results.add(result);
    new Summary(terminal).ofRun(result);
    Path json = options.json();
    if (json != null) {
      writeJson(json);
    }
  }

  private void writeJson(Path file) {
    ArrayNode all = JSON.createArrayNode();
    results.forEach(result -> all.add(result.toJson()));
    try {
      Files.writeString(
          file,
          JSON.writerWithDefaultPrettyPrinter()
                  .writeValueAsString(options.singleRun() ? all.get(0) : all)
              + "\n");
    } catch (IOException e) {
      terminal.line(Tone.BAD, "--json: " + file + " cannot be written: " + e.getMessage());
    }
  }

  private void introduce() {
    terminal.line(
        Tone.STRONG,
        String.format(
            Locale.ROOT,
            "Breakwater demo: a canary of a real model gets 20 %% of %d predictions/s",
            options.rate()));
    terminal.line(
        Tone.QUIET,
        "  California housing, ONNX Runtime, JDK %s, %s %s, %d CPUs"
            .formatted(
                System.getProperty("java.version"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors()));
  }

  private static void closeQuietly(Launcher launcher) {
    try {
      launcher.close();
    } catch (IOException e) {
      System.err.println("demo: temporary files remain in " + launcher.folder() + ": " + e);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the JVM is going down: the hook is running
    }
  }
}
