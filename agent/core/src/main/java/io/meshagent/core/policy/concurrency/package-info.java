/**
 * The limit on how many calls are under way at once, fixed or found out, and the queue before it.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.policy.base}.
 */
package io.meshagent.core.policy.concurrency;
