package io.breakwater.agent.core.export;

import io.breakwater.signals.Metric;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.resources.Resource;

/** One metric's points, as the SDK's exporter takes them. Immutable. */
final class MetricPoints implements MetricData {
  private final Resource resource;
  private final InstrumentationScopeInfo scope;
  private final Metric metric;
  private final MetricDataType type;
  private final Data<?> data;

  MetricPoints(
      Resource resource,
      InstrumentationScopeInfo scope,
      Metric metric,
      MetricDataType type,
      Data<?> data) {
    this.resource = resource;
    this.scope = scope;
    this.metric = metric;
    this.type = type;
    this.data = data;
  }

  @Override
  public Resource getResource() {
    return resource;
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return scope;
  }

  @Override
  public String getName() {
    return metric.name();
  }

  @Override
  public String getDescription() {
    return ""; // a third of a small request, and every reader has the catalogue
  }

  @Override
  public String getUnit() {
    return metric.unit();
  }

  @Override
  public MetricDataType getType() {
    return type;
  }

  @Override
  public Data<?> getData() {
    return data;
  }
}
