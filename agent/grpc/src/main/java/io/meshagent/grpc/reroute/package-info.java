/** Sends calls to instances of the directory: our picker around the channel's own. */
package io.meshagent.grpc.reroute;
