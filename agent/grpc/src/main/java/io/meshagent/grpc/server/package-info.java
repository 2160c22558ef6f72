/**
 * The server pipeline, and what is registered of a server.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code grpc.base}.
 */
package io.meshagent.grpc.server;
