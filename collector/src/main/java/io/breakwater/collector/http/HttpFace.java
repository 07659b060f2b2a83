package io.breakwater.collector.http;

import static com.linecorp.armeria.common.HttpMethod.GET;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServerBuilder;
import io.breakwater.collector.access.Gate;
import io.breakwater.collector.access.Need;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.ConfigDiff;
import io.breakwater.collector.config.ConfigException;
import io.breakwater.collector.reference.ReferenceFile;
import io.breakwater.collector.runtime.ModelTotals;
import io.breakwater.collector.runtime.Models;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The collector's face for people and machines: web page, API, metrics, health. */
public final class HttpFace implements AutoCloseable {
  private final Events events;
  private final ProcessMetrics processMetrics;

  private HttpFace(Events events, ProcessMetrics processMetrics) {
    this.events = events;
    this.processMetrics = processMetrics;
  }

  /** Reads the guardrail file again and puts it in force; all or nothing. */
  public interface Reload {
    /**
     * Reads it.
     *
     * @param by who asked for it
     * @throws ConfigException when the file is refused; the one before stays
     */
    Reloaded reload(String by) throws ConfigException;
  }

  /** The configuration in force from now on, and what changed. */
  public record Reloaded(CollectorConfig config, ConfigDiff diff) {}

  /**
   * What the face needs besides the models.
   *
   * @param gate who may do what
   * @param totals what was received of every model
   * @param ready whether metrics are taken and models are judged
   * @param troubles what does not work although models are judged, in words
   * @param registry where the metrics of {@code /metrics} live; the face adds its own
   * @param clock for {@code since=24h}
   */
  public record Surroundings(
      Gate gate,
      Supplier<List<ModelTotals>> totals,
      Reload reload,
      BooleanSupplier ready,
      Supplier<List<String>> troubles,
      PrometheusRegistry registry,
      Clock clock) {}

  /**
   * Adds everything to {@code server}, which must not serve anything else below {@code /}. The
   * caller binds the port and closes the face after the server.
   */
  public static HttpFace addTo(ServerBuilder server, Models models, Surroundings around) {
    Events events = new Events(models);
    models.addListener(events);
    models.addListener(DecisionMetrics.register(models, around.registry()));
    around.registry().register(new StateMetrics(models));
    around.registry().register(new InferenceMetrics(() -> byModel(around.totals().get())));
    List<Route> routes = new ArrayList<>(Page.routes());
    routes.addAll(new Api(models, around.reload(), around.clock()).routes());
    routes.add(Route.of(GET, "/api/v1/events", Need.READ, events::open));
    MetricsPage metrics = new MetricsPage(around.registry());
    routes.add(Route.of(GET, "/metrics", Need.READ, metrics::answer));
    routes.add(
        Route.of(GET, "/-/healthy", Need.NOTHING, call -> health(true, "healthy", List.of())));
    routes.add(
        Route.of(
            GET,
            "/-/ready",
            Need.NOTHING,
            call -> health(around.ready().getAsBoolean(), "ready", around.troubles().get())));
    server.disableServerHeader();
    server.maxRequestLength(ReferenceFile.MAX_BYTES); // routes allow less
    server.serviceUnder("/", new Router(routes, around.gate()));
    return new HttpFace(events, ProcessMetrics.bindTo(around.registry()));
  }

  /** Lets those go who listen to events: what they may see may have changed. */
  public void accessChanged() {
    events.close();
  }

  private static Map<String, List<ModelTotals.Totals>> byModel(List<ModelTotals> totals) {
    Map<String, List<ModelTotals.Totals>> byModel = new TreeMap<>();
    totals.forEach(model -> byModel.put(model.model(), model.read()));
    return byModel;
  }

  private static HttpResponse health(boolean good, String word, List<String> troubles) {
    StringBuilder text = new StringBuilder(good ? word : "not " + word).append('\n');
    troubles.forEach(trouble -> text.append("but: ").append(trouble).append('\n'));
    return HttpResponse.of(
        good ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE,
        MediaType.PLAIN_TEXT_UTF_8,
        text.toString());
  }

  /** Lets listeners go and stops the process metrics. */
  @Override
  public void close() {
    events.close();
    processMetrics.close();
  }
}
