/**
 * Sends calls to instances of the directory: our picker around the channel's own.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code grpc.base}.
 */
package io.meshagent.grpc.reroute;
