/**
 * What is seen of an attempt when it leaves, gRPC 1.20 and newer.
 *
 * <p>Imports: {@code grpc.base}.
 */
package io.meshagent.grpc.attempt;
