/**
 * Servers and channels that are older than the hooks.
 *
 * <p>Imports: {@code core.api}, {@code grpc.base}, {@code grpc.reroute}, {@code grpc.server}.
 */
package io.meshagent.grpc.attach;
