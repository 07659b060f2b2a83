package io.breakwater.agent.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.core.config.AgentConfig;
import io.breakwater.agent.core.config.ConfigSources;
import io.breakwater.agent.core.export.OtlpReceiver;
import io.breakwater.agent.core.record.ModelIdentity;
import io.breakwater.agent.core.record.ModelSeries;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.agent.core.record.Schema;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class AgentRuntimeTest {
  private static final ModelIdentity CREDIT = ModelIdentity.of("credit", "1", "test");

  private final List<String> problems = new CopyOnWriteArrayList<>();

  private AgentRuntime start(Map<String, String> properties) {
    return AgentRuntime.start(
        AgentConfig.load(ConfigSources.of(properties, Map.of(), null)),
        (problem, cause) -> problems.add(problem + ": " + cause));
  }

  private static void call(Recorder recorder, ModelSeries series) {
    long claim = recorder.claim(series, 0, false);
    recorder.publish(claim, 1_000_000, 1, 0, Recorder.NO_ERROR);
  }

  @Test
  void calls_leaveOnTheGridAndTheRestAtTheEnd() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver()) {
      AgentRuntime runtime =
          start(
              Map.of(
                  "breakwater.endpoint",
                  receiver.address(),
                  "otel.resource.attributes",
                  "service.instance.id=pod-1"));
      Recorder recorder = runtime.recorder();
      ModelSeries series = recorder.series(CREDIT, Schema.CALLS_ONLY);
      assertThat(series).isNotNull();
      call(recorder, series);
      OtlpReceiver.await("the call", () -> receiver.histogramCount("ml.inference.duration") == 1);
      OtlpReceiver.await(
          "a heartbeat", () -> !receiver.metrics("breakwater.agent.heartbeat").isEmpty());
      call(recorder, series);
      runtime.stop();

      assertThat(receiver.histogramCount("ml.inference.duration")).isEqualTo(2);
      assertThat(receiver.resource().get("service.instance.id")).startsWith("pod-1/");
      assertThat(problems).isEmpty();
    }
  }

  @Test
  void certificateThatCannotBeRead_isToldAndTheRecorderStillWorks() throws Exception {
    AgentRuntime runtime = start(Map.of("otel.exporter.otlp.certificate", "/no/such/file"));
    OtlpReceiver.await("the problem", () -> !problems.isEmpty());
    ModelSeries series = runtime.recorder().series(CREDIT, Schema.CALLS_ONLY);
    assertThat(series).isNotNull();
    call(runtime.recorder(), series);
    runtime.stop();

    assertThat(problems).singleElement().asString().contains("no metrics are sent");
  }

  @Test
  void threads_areDaemonsWithoutTheApplicationsLoader() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver()) {
      AgentRuntime runtime = start(Map.of("breakwater.endpoint", receiver.address()));
      OtlpReceiver.await("three threads", () -> agentThreads().size() >= 3);
      for (Thread thread : agentThreads()) {
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getContextClassLoader()).isSameAs(AgentRuntime.class.getClassLoader());
      }
      runtime.stop();
    }
  }

  @Test
  void callsOfAnEndingProcess_leaveToo() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver()) {
      AgentRuntime runtime = start(Map.of("breakwater.endpoint", receiver.address()));
      ModelSeries series = runtime.recorder().series(CREDIT, Schema.CALLS_ONLY);
      assertThat(series).isNotNull();
      call(runtime.recorder(), series);
      runtime.processEnds();
      assertThat(receiver.histogramCount("ml.inference.duration")).isEqualTo(1);

      call(runtime.recorder(), series);
      OtlpReceiver.await(
          "the late call", () -> receiver.histogramCount("ml.inference.duration") == 2);
      int beats = receiver.metrics("breakwater.agent.heartbeat").size();
      OtlpReceiver.await(
          "a heartbeat", () -> receiver.metrics("breakwater.agent.heartbeat").size() > beats);
      runtime.stop();
    }
  }

  @Test
  void endOfAProcess_doesNotWaitForADeadEndpoint() throws Exception {
    AgentRuntime runtime = start(Map.of("breakwater.endpoint", "http://127.0.0.1:1"));
    ModelSeries series = runtime.recorder().series(CREDIT, Schema.CALLS_ONLY);
    assertThat(series).isNotNull();
    call(runtime.recorder(), series);
    runtime.processEnds();
    runtime.stop();
    OtlpReceiver.await("the threads' end", () -> agentThreads().isEmpty());
  }

  @Test
  void interruptedThreads_goOnWithoutSpinning() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver()) {
      AgentRuntime runtime = start(Map.of("breakwater.endpoint", receiver.address()));
      OtlpReceiver.await("three threads", () -> agentThreads().size() >= 3);
      List<Thread> threads = agentThreads();
      threads.forEach(Thread::interrupt);
      ModelSeries series = runtime.recorder().series(CREDIT, Schema.CALLS_ONLY);
      assertThat(series).isNotNull();
      for (int calls = 1; calls <= 3; calls++) {
        call(runtime.recorder(), series);
        int sent = calls;
        OtlpReceiver.await(
            "call " + calls, () -> receiver.histogramCount("ml.inference.duration") == sent);
      }
      assertThat(threads).allMatch(Thread::isAlive).noneMatch(Thread::isInterrupted);
      runtime.stop();
      OtlpReceiver.await("the threads' end", () -> agentThreads().isEmpty());
    }
  }

  private static List<Thread> agentThreads() {
    List<Thread> found = new CopyOnWriteArrayList<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("breakwater-")) {
        found.add(thread);
      }
    }
    return found;
  }
}
