/**
 * Lists and watches a prefix of etcd.
 *
 * <p>Imports: {@code core.registry.etcd.client}, {@code core.registry.etcd.connection}, {@code
 * core.run}.
 */
package io.meshagent.core.registry.etcd.mirror;
