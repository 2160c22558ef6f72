/**
 * How etcd is reached, and as whom: settings, TLS, password.
 *
 * <p>Imports: {@code core.config}, {@code core.registry}, {@code core.registry.format}.
 */
package io.meshagent.core.registry.etcd.access;
