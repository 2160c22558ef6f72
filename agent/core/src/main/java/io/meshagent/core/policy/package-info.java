/**
 * The plans of methods, compiled from the settings, and the pipelines that list the stages. Each
 * policy has a package of its own below this one.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.log}, {@code
 * core.policy.breaker}, {@code core.policy.ratelimit}.
 */
package io.meshagent.core.policy;
