/**
 * The time limit of a method's calls.
 *
 * <p>Imports: {@code core.config}, {@code core.policy.base}.
 */
package io.meshagent.core.policy.timeout;
