/**
 * Balancing, ejection, slow start, zones and subsets as settings say them; what they do is in
 * {@code core.balance}.
 *
 * <p>Imports: {@code core.balance}, {@code core.config}, {@code core.policy.base}, {@code
 * core.policy.breaker}.
 */
package io.meshagent.core.policy.balance;
