/**
 * The client pipeline around a logical call.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code grpc.attempt}, {@code grpc.base}.
 */
package io.meshagent.grpc.client;
