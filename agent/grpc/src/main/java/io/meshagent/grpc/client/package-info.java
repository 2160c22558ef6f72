/**
 * The client pipeline around a logical call, which may wait before it starts and may end with a
 * response of our own.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code grpc.attempt}, {@code grpc.base}.
 */
package io.meshagent.grpc.client;
