/**
 * Metrics for Prometheus.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.flight}, {@code core.registry}.
 */
package io.meshagent.core.telemetry.metrics;
