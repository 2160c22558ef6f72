/**
 * Keeps our own entries in etcd under one lease.
 *
 * <p>Imports: {@code core.log}, {@code core.registry}, {@code core.registry.etcd.client}, {@code
 * core.registry.format}, {@code core.run}.
 */
package io.meshagent.core.registry.etcd.lease;
