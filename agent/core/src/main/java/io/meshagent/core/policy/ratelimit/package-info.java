/**
 * Rates that calls may come at: shared by all of them, by caller, or by all instances.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.log}, {@code
 * core.policy.base}.
 */
package io.meshagent.core.policy.ratelimit;
