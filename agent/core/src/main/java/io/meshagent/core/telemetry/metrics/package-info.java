/**
 * Metrics for Prometheus and OpenTelemetry.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.flight}, {@code core.registry},
 * {@code core.run}, {@code core.telemetry.otlp}.
 */
package io.meshagent.core.telemetry.metrics;
