/**
 * Lists and watches a prefix of etcd, and tells a reader of its entries, whatever they mean.
 *
 * <p>Imports: {@code core.registry}, {@code core.registry.etcd.client}, {@code
 * core.registry.etcd.connection}, {@code core.registry.etcd.tally}, {@code core.run}.
 */
package io.meshagent.core.registry.etcd.mirror;
