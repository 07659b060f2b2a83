package io.breakwater.api;

import org.jspecify.annotations.Nullable;

/** Stands in where there is no agent: one object for everything, which does nothing. */
enum NoAgent implements Agent, Inference, Breaker {
  INSTANCE;

  @Override
  public Inference inference(String model, String version) {
    return this;
  }

  @Override
  public Breaker breaker(String model, String version) {
    return this;
  }

  @Override
  public boolean allows() {
    return true;
  }

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
  public void feedback(String predictionId, String label) {}

  @Override
  public void end() {}

  @Override
  public void fail(Throwable failure) {}

  @Override
  public void error(String type) {}
}
