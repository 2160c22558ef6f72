/**
 * The adapters for one copy of gRPC, put together. Composition alone.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code grpc.attach}, {@code grpc.base}, {@code
 * grpc.bytes}, {@code grpc.client}, {@code grpc.repeat}, {@code grpc.reroute}, {@code grpc.server}.
 */
package io.meshagent.grpc.adapters;
