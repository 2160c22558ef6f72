/**
 * The command line of the jar: a table of commands, and what each does.
 *
 * <p>Imports: {@code core.api}, {@code core.attach}, {@code core.check}, {@code core.cli.table},
 * {@code core.config}, {@code core.console}, {@code core.hooks}, {@code core.log}, {@code
 * core.policy}, {@code core.registry}, {@code core.registry.etcd}, {@code
 * core.registry.etcd.access}, {@code core.registry.format}, {@code core.registry.local}, {@code
 * core.rules}.
 */
package io.meshagent.core.cli;
