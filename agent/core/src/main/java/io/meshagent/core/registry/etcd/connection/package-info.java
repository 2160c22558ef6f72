/**
 * Carries requests out with jetcd's generated stubs over one connection (ADR 5). May import {@code
 * io.grpc}.
 *
 * <p>Imports: {@code core.config}, {@code core.log}, {@code core.registry.etcd.access}, {@code
 * core.registry.etcd.client}, {@code core.run}.
 */
package io.meshagent.core.registry.etcd.connection;
