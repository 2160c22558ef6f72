/**
 * Faults that are injected into calls on purpose.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.log}, {@code
 * core.policy.base}.
 */
package io.meshagent.core.policy.fault;
