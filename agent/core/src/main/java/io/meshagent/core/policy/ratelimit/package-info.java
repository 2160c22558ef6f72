/**
 * The rate limit of a method.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}.
 */
package io.meshagent.core.policy.ratelimit;
