/**
 * Puts the parts together and starts them. None but {@code attach} imports it.
 *
 * <p>Imports: {@code core.admin}, {@code core.api}, {@code core.balance}, {@code core.call}, {@code
 * core.check}, {@code core.config}, {@code core.console.publish}, {@code core.directory}, {@code
 * core.explain}, {@code core.flight}, {@code core.hooks}, {@code core.log}, {@code core.policy},
 * {@code core.policy.balance}, {@code core.policy.base}, {@code core.policy.retry}, {@code
 * core.policy.route}, {@code core.registry}, {@code core.registry.etcd}, {@code
 * core.registry.etcd.access}, {@code core.registry.format}, {@code core.registry.local}, {@code
 * core.registry.publish}, {@code core.route}, {@code core.route.rule}, {@code core.rules}, {@code
 * core.run}, {@code core.telemetry.access}, {@code core.telemetry.metrics}, {@code
 * core.telemetry.mdc}, {@code core.telemetry.otlp}, {@code core.telemetry.trace}.
 */
package io.meshagent.core.engine;
