/**
 * Looks whether what a configuration says can be had, before a program starts with it and while one
 * runs: the command {@code check}. Opens nothing that stays, and changes nothing anywhere.
 *
 * <p>Imports: {@code core.config}, {@code core.hooks}, {@code core.registry}, {@code
 * core.registry.etcd.access}, {@code core.registry.etcd.client}, {@code
 * core.registry.etcd.connection}, {@code core.registry.format}, {@code core.registry.local}, {@code
 * core.registry.publish}, {@code core.run}.
 */
package io.meshagent.core.check;
