/**
 * Traces: headers, spans, and their way to a collector. May import {@code io.grpc} in the exporter.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.log}, {@code
 * core.run}.
 */
package io.meshagent.core.telemetry.trace;
