/**
 * The rate limit of a method.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.policy.base}.
 */
package io.meshagent.core.policy.ratelimit;
