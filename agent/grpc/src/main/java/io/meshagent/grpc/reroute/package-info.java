/**
 * Sends calls to instances of the directory: our picker around the channel's own.
 *
 * <p>A call comes by {@code MeshPicker} (its plan, its route), {@code RouteSnapshot} (the balancer)
 * and {@code Ready} (the instance). A change of the directory comes by {@code ServiceRoute} (is it
 * one for this channel), {@code ChannelRouter} (the hand-over to the channel's sync context),
 * {@code ChannelRoutes}, {@code ServiceRoute} again (which connections are used) and ends in a new
 * picker.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code grpc.attempt}, {@code grpc.base}.
 */
package io.meshagent.grpc.reroute;
