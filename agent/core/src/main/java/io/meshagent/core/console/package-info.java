/**
 * The console of the whole mesh: a command that serves one page on loopback, reads etcd and nothing
 * else, and writes documents there for who has its token.
 *
 * <p>Imports: {@code core.admin}, {@code core.config}, {@code core.console.mesh}, {@code
 * core.policy}, {@code core.registry}, {@code core.registry.etcd}, {@code
 * core.registry.etcd.access}, {@code core.rules}.
 */
package io.meshagent.core.console;
