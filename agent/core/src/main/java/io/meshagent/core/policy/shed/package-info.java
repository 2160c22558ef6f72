/**
 * Shedding: calls are refused while the CPU is busy and more are under way than can be answered.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.policy.base},
 * {@code core.run}.
 */
package io.meshagent.core.policy.shed;
