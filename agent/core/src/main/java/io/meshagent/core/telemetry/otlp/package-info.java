/**
 * The connection to a collector that speaks OTLP over gRPC, for spans and metrics. The one place
 * beside etcd's that may import {@code io.grpc}.
 *
 * <p>Imports: {@code core.config}, {@code core.log}, {@code core.run}.
 */
package io.meshagent.core.telemetry.otlp;
