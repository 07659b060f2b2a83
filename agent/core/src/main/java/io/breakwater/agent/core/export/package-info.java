/**
 * Export: points as OTLP over HTTP, through the OpenTelemetry SDK's exporter and our own sender.
 */
@NullMarked
package io.breakwater.agent.core.export;

import org.jspecify.annotations.NullMarked;
