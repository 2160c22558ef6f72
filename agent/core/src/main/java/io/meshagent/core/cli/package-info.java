/**
 * The command line of the jar.
 *
 * <p>Imports: {@code core.attach}, {@code core.check}, {@code core.config}, {@code core.console},
 * {@code core.hooks}, {@code core.log}, {@code core.policy}, {@code core.registry}, {@code
 * core.registry.etcd}, {@code core.registry.etcd.access}, {@code core.rules}.
 */
package io.meshagent.core.cli;
