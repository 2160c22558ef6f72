/**
 * Copies of calls to instances that are tried out: which calls, to whom, and how many at once. The
 * adapter sends them.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.policy.base}.
 */
package io.meshagent.core.policy.mirror;
