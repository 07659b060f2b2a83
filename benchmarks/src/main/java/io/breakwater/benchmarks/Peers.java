package io.breakwater.benchmarks;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.ExplicitBucketHistogramOptions;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The same series in each peer, set up the way that is kindest to it: everything that can be
 * resolved or prepared beforehand is, nothing is scraped or exported while it is measured.
 *
 * <p>Series: one histogram per column of a {@linkplain Rows row}, one for durations, one counter of
 * the predicted class.
 */
final class Peers {
  private static final int BOUNDS = 63;

  private Peers() {}

  /** Takes a value for a series. */
  interface Recording {
    /** Records a value of a column of {@link Rows}. */
    void value(int column, double value);

    /** Records a duration. */
    void duration(double seconds);

    /** Counts a prediction of the one class. */
    void prediction();
  }

  /** {@value #BOUNDS} bounds, evenly spaced on the log scale from 0.001 to 1,000. */
  static double[] bounds() {
    double[] bounds = new double[BOUNDS];
    for (int i = 0; i < BOUNDS; i++) {
      bounds[i] = Math.pow(10, -3 + 6.0 * i / (BOUNDS - 1));
    }
    return bounds;
  }

  static Recording openTelemetryDefault() {
    return openTelemetry(Aggregation.explicitBucketHistogram());
  }

  static Recording openTelemetry63() {
    List<Double> bounds = new ArrayList<>();
    for (double bound : bounds()) {
      bounds.add(bound);
    }
    return openTelemetry(
        Aggregation.explicitBucketHistogram(
            ExplicitBucketHistogramOptions.builder().setBucketBoundaries(bounds).build()));
  }

  static Recording openTelemetryExponential() {
    return openTelemetry(Aggregation.base2ExponentialBucketHistogram());
  }

  private static Recording openTelemetry(Aggregation aggregation) {
    SdkMeterProvider provider =
        SdkMeterProvider.builder()
            .registerMetricReader(
                PeriodicMetricReader.builder(new Discarding())
                    .setInterval(Duration.ofHours(24))
                    .build())
            .registerView(
                InstrumentSelector.builder().setType(InstrumentType.HISTOGRAM).build(),
                View.builder().setAggregation(aggregation).build())
            .build();
    return new OpenTelemetryRecording(provider.get("bench"));
  }

  static Recording clientJavaClassic() {
    return new ClientJavaRecording(
        name -> Histogram.builder().name(name).classicOnly().classicUpperBounds(bounds()));
  }

  static Recording clientJavaNative() {
    return new ClientJavaRecording(name -> Histogram.builder().name(name).nativeOnly());
  }

  static Recording micrometer() {
    return new MicrometerRecording(new double[0]);
  }

  static Recording micrometer63() {
    return new MicrometerRecording(bounds());
  }

  private static final class OpenTelemetryRecording implements Recording {
    private final Attributes[] attributes = new Attributes[Rows.WIDTH];
    private final Attributes model = Attributes.builder().put("model", "m").build();
    private final DoubleHistogram values;
    private final DoubleHistogram durations;
    private final LongCounter predictions;

    OpenTelemetryRecording(Meter meter) {
      AttributeKey<String> column = AttributeKey.stringKey("column");
      for (int i = 0; i < attributes.length; i++) {
        attributes[i] = model.toBuilder().put(column, "c" + i).build();
      }
      values = meter.histogramBuilder("values").build();
      durations = meter.histogramBuilder("durations").setUnit("s").build();
      predictions = meter.counterBuilder("predictions").build();
    }

    @Override
    public void value(int column, double value) {
      values.record(value, attributes[column]);
    }

    @Override
    public void duration(double seconds) {
      durations.record(seconds, model);
    }

    @Override
    public void prediction() {
      predictions.add(1, model);
    }
  }

  /** Makes the builder of a histogram. */
  private interface HistogramOf {
    Histogram.Builder name(String name);
  }

  private static final class ClientJavaRecording implements Recording {
    private final DistributionDataPoint[] values = new DistributionDataPoint[Rows.WIDTH];
    private final DistributionDataPoint durations;
    private final CounterDataPoint predictions;

    ClientJavaRecording(HistogramOf histogram) {
      Histogram columns = histogram.name("values").labelNames("model", "column").build();
      for (int i = 0; i < values.length; i++) {
        values[i] = columns.labelValues("m", "c" + i);
      }
      durations = histogram.name("durations").labelNames("model").build().labelValues("m");
      predictions =
          io.prometheus.metrics.core.metrics.Counter.builder()
              .name("predictions")
              .labelNames("model")
              .build()
              .labelValues("m");
    }

    @Override
    public void value(int column, double value) {
      values[column].observe(value);
    }

    @Override
    public void duration(double seconds) {
      durations.observe(seconds);
    }

    @Override
    public void prediction() {
      predictions.inc();
    }
  }

  private static final class MicrometerRecording implements Recording {
    private final DistributionSummary[] values = new DistributionSummary[Rows.WIDTH];
    private final DistributionSummary durations;
    private final Counter predictions;

    MicrometerRecording(double[] bounds) {
      PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      for (int i = 0; i < values.length; i++) {
        values[i] = summary("values", bounds).tag("column", "c" + i).register(registry);
      }
      durations = summary("durations", bounds).register(registry);
      predictions = Counter.builder("predictions").tag("model", "m").register(registry);
    }

    private static DistributionSummary.Builder summary(String name, double[] bounds) {
      DistributionSummary.Builder builder = DistributionSummary.builder(name).tag("model", "m");
      return bounds.length == 0 ? builder : builder.serviceLevelObjectives(bounds);
    }

    @Override
    public void value(int column, double value) {
      values[column].record(value);
    }

    @Override
    public void duration(double seconds) {
      durations.record(seconds);
    }

    @Override
    public void prediction() {
      predictions.increment();
    }
  }

  /** Never called while a benchmark runs. */
  private static final class Discarding implements MetricExporter {
    @Override
    public CompletableResultCode export(Collection<MetricData> metrics) {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
      return AggregationTemporality.DELTA;
    }
  }
}
