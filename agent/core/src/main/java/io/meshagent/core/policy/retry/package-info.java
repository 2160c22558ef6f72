/**
 * Retries and hedges of a method's calls, which gRPC makes, and the budget that bounds them.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.log}, {@code
 * core.policy.base}.
 */
package io.meshagent.core.policy.retry;
