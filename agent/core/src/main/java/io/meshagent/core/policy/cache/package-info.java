/**
 * Responses of calls that are kept and given to others who ask the same: which calls may share one,
 * for how long, in how many bytes, and who waits for whom.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.log}, {@code
 * core.policy.base}, {@code core.policy.route}, {@code core.route.rule}.
 */
package io.meshagent.core.policy.cache;
