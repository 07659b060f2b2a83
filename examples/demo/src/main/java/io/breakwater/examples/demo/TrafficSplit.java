package io.breakwater.examples.demo;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** What stands between the clients and the two versions, and shifts traffic. */
interface TrafficSplit extends AutoCloseable {
  /** Where clients send their predictions. */
  URI address();

  /** The {@code backend:} section of the guardrail file that makes the collector move traffic. */
  String backendSection();

  /** Variables that the collector needs to resolve the section's secrets. */
  Map<String, String> collectorEnvironment();

  /** In words. */
  String description();

  /** Ends it. */
  @Override
  void close() throws IOException;
}
