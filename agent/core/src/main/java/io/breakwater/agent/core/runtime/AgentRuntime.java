package io.breakwater.agent.core.runtime;

import io.breakwater.agent.core.config.AgentConfig;
import io.breakwater.agent.core.config.CategoryPolicy;
import io.breakwater.agent.core.export.Overhead;
import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.CategoryNames;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.EpochClock;
import io.breakwater.agent.core.record.Limits;
import io.breakwater.agent.core.record.ModelNames;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.agent.core.record.Recording;
import io.breakwater.signals.Attributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The agent at work, from the first class of a model library on: a recorder for the
 * instrumentation, and the daemon threads {@code breakwater-drain}, {@code breakwater-flush} and
 * {@code breakwater-export}. When the JVM ends, the last interval is sent, which may take two
 * seconds; what is recorded while it ends is sent every 100 ms.
 */
public final class AgentRuntime {
  private static final long JOIN_MILLIS = FlushLoop.LAST_DELIVERY_MILLIS + 500;

  private final Recording recording;
  private final DrainLoop drain;
  private final FlushLoop flush;
  private final Thread flushThread;
  private final Thread drainThread;

  private AgentRuntime(AgentConfig config, BiConsumer<String, @Nullable Throwable> problems) {
    Overhead overhead = new Overhead();
    Wake wake = new Wake();
    this.recording =
        Recording.create(
            rules(config),
            Runtime.getRuntime().availableProcessors(),
            EpochClock.SYSTEM,
            new Drops(),
            wake);
    this.flush =
        new FlushLoop(config, resource(config), recording, overhead, EpochClock.SYSTEM, problems);
    this.drain = new DrainLoop(recording, overhead, problems);
    this.drainThread = AgentThreads.start("breakwater-drain", drain);
    wake.sleeper = drainThread;
    this.flushThread = AgentThreads.start("breakwater-flush", flush);
  }

  /**
   * Starts it.
   *
   * @param problems told what does not work and why, the cause may be null; also told when delivery
   *     works again
   */
  public static AgentRuntime start(
      AgentConfig config, BiConsumer<String, @Nullable Throwable> problems) {
    AgentRuntime runtime = new AgentRuntime(config, problems);
    try {
      Runtime.getRuntime()
          .addShutdownHook(AgentThreads.create("breakwater-shutdown", runtime::processEnds));
    } catch (IllegalStateException e) {
      runtime.flush.processEnds(); // it does already
    }
    return runtime;
  }

  private static CaptureRules rules(AgentConfig config) {
    CategoryPolicy categories = config.categories();
    return CaptureRules.of(
            config.captureFeatures(),
            Limits.of(config.maxFeatures(), config.maxCategories()),
            config.serviceName(),
            config.modelName(),
            config.modelVersion(),
            config.featureNames())
        .withCategories(
            CategoryNames.of(categories::isCounted, categories::isPlain, hashKey(config)))
        .withNames(names(config))
        .withGenAi(config.genAi());
  }

  private static Map<String, ModelNames> names(AgentConfig config) {
    Map<String, ModelNames> names = new LinkedHashMap<>();
    config
        .modelRules()
        .forEach(
            (model, rule) ->
                names.put(model, ModelNames.of(rule.name(), rule.version(), rule.featureNames())));
    return names;
  }

  /** What all agents of a collector have in common and others do not know. */
  private static String hashKey(AgentConfig config) {
    return config.endpoint().headers().getOrDefault("Authorization", "");
  }

  /** The configured attributes, and an instance id that is new at every start. */
  private static Map<String, String> resource(AgentConfig config) {
    Map<String, String> resource = new LinkedHashMap<>(config.resource());
    String start = UUID.randomUUID().toString();
    resource.merge(
        Attributes.SERVICE_INSTANCE_ID, start, (configured, id) -> configured + "/" + id);
    return resource;
  }

  /** Where instrumented calls are recorded. */
  public Recorder recorder() {
    return recording.recorder();
  }

  /** Sends the last interval, within two seconds, and goes on: the JVM may take its time to end. */
  public void processEnds() {
    flush.processEnds();
    LockSupport.unpark(flushThread);
    try {
      flush.awaitLastSent(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever ends us is in a hurry
    }
  }

  /** Sends the last interval and ends the threads; within two seconds. */
  public void stop() {
    drain.stop();
    LockSupport.unpark(drainThread);
    flush.stop();
    LockSupport.unpark(flushThread);
    try {
      flushThread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever stops us is in a hurry
    }
  }

  /** Wakes the drain thread. */
  private static final class Wake implements Runnable {
    private volatile @Nullable Thread sleeper;

    @Override
    public void run() {
      LockSupport.unpark(sleeper);
    }
  }
}
