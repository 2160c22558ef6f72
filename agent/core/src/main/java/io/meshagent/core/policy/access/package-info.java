/**
 * Which applications may call which methods of this program.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.log}, {@code
 * core.policy.base}.
 */
package io.meshagent.core.policy.access;
