package io.breakwater.agent.core.start;

import io.breakwater.agent.bootstrap.AgentClassLoader;
import io.breakwater.agent.core.config.AgentConfig;
import io.breakwater.agent.core.config.ConfigSources;
import io.breakwater.agent.core.instrument.Instrumenter;
import io.breakwater.agent.core.runtime.AgentRuntime;
import java.lang.instrument.Instrumentation;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;

/**
 * The start of the agent in its own class loader: reads the settings, says in one line what it is
 * about to do, and waits for the first class of a known library.
 */
public final class AgentStart implements BiConsumer<String, Instrumentation> {
  private static final String LIBRARIES =
      "ONNX Runtime, XGBoost4J, LightGBM4J, CatBoost, H2O, Tribuo, DJL, openai-java,"
          + " anthropic-java, LangChain4j, Spring AI";

  /** For {@code AgentMain}, which knows this class by name only. */
  public AgentStart() {}

  /**
   * Starts.
   *
   * @param arguments what follows {@code breakwater-agent.jar=} on the command line
   */
  @Override
  public void accept(String arguments, Instrumentation jvm) {
    AgentConfig config = AgentConfig.load(ConfigSources.ofProcess(arguments));
    Console console = new Console(System.err, config.debug());
    if (config.enabled()) {
      jvm.addTransformer(new LibraryWatch(new Rest(jvm, config, console), console), true);
    }
    console.say(greeting(config));
    for (String warning : config.warnings()) {
      console.say(warning);
    }
  }

  private static String greeting(AgentConfig config) {
    String version = AgentClassLoader.class.getPackage().getImplementationVersion();
    String name = version == null ? "agent" : "agent " + version;
    return config.enabled()
        ? name
            + " watches "
            + LIBRARIES
            + " and its own API, sends to "
            + config.endpoint().address()
        : name + " is off, as the settings say";
  }

  /** What is started when there is something to see. */
  private static final class Rest implements Callable<Instrumenter> {
    private final Instrumentation jvm;
    private final AgentConfig config;
    private final Console console;

    Rest(Instrumentation jvm, AgentConfig config, Console console) {
      this.jvm = jvm;
      this.config = config;
      this.console = console;
    }

    @Override
    public Instrumenter call() throws Exception {
      return Instrumenter.start(jvm, () -> AgentRuntime.start(config, console).recorder(), console);
    }
  }
}
