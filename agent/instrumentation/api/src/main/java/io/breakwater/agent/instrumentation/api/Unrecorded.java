package io.breakwater.agent.instrumentation.api;

import io.breakwater.api.Inference;
import org.jspecify.annotations.Nullable;

/** Stands in for an inference that could not even be made for want of memory. */
enum Unrecorded implements Inference {
  INSTANCE;

  @Override
  public Inference feature(String name, double value) {
    return this;
  }

  @Override
  public Inference feature(String name, @Nullable String value) {
    return this;
  }

  @Override
  public Inference missing(String name) {
    return this;
  }

  @Override
  public Inference score(double score) {
    return this;
  }

  @Override
  public Inference label(String label) {
    return this;
  }

  @Override
  public Inference id(String predictionId) {
    return this;
  }

  @Override
  public void end() {}

  @Override
  public void fail(Throwable failure) {}

  @Override
  public void error(String type) {}
}
