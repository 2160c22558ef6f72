/**
 * The circuit breaker of a method, and what counts as a failure.
 *
 * <p>Imports: {@code core.api}, {@code core.balance}, {@code core.call}, {@code core.config},
 * {@code core.flight}, {@code core.log}, {@code core.policy.base}, {@code core.run}.
 */
package io.meshagent.core.policy.breaker;
