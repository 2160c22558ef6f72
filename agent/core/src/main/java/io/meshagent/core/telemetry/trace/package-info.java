/**
 * Traces: headers, spans, and their way to a collector.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.log}, {@code
 * core.run}, {@code core.telemetry.otlp}.
 */
package io.meshagent.core.telemetry.trace;
