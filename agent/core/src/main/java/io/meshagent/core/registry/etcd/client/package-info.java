/**
 * What is asked of etcd, as an interface without gRPC, and what stands before any implementation of
 * it.
 *
 * <p>Imports: {@code core.log}, {@code core.registry.format}, {@code core.run}.
 */
package io.meshagent.core.registry.etcd.client;
