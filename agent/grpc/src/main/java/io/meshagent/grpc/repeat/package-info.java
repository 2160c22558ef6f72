/**
 * Tells gRPC by which policy it may retry or hedge a call, and keeps it to the budget. Looks into
 * what gRPC keeps private; where that is not there, calls are sent once. gRPC 1.22 and newer.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code grpc.attempt}, {@code grpc.base}.
 */
package io.meshagent.grpc.repeat;
