/**
 * What the other packages share: the facts of a channel, calls with gRPC's metadata, statuses, and
 * looks into what gRPC keeps private.
 *
 * <p>Imports: {@code core.api}, {@code core.call}.
 */
package io.meshagent.grpc.base;
