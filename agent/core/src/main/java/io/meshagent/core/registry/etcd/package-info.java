/**
 * The registry behind etcd: follows everybody's entries there and makes instances of them. State
 * machines on threads of their own; {@code lease} keeps our own entries.
 *
 * <p>Imports: {@code core.api}, {@code core.config}, {@code core.log}, {@code core.registry},
 * {@code core.registry.etcd.access}, {@code core.registry.etcd.client}, {@code
 * core.registry.etcd.connection}, {@code core.registry.etcd.lease}, {@code
 * core.registry.etcd.mirror}, {@code core.registry.format}, {@code core.run}.
 */
package io.meshagent.core.registry.etcd;
