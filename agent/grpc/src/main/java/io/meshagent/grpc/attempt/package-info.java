/**
 * Attempts: one tracer and one factory of tracers, which know the call, the attempt and the
 * instance. gRPC 1.20 and newer.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code grpc.base}.
 */
package io.meshagent.grpc.attempt;
