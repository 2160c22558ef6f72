/**
 * Routing rules and lanes as settings say them; what they do is in {@code core.route}.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.policy.base},
 * {@code core.route.rule}.
 */
package io.meshagent.core.policy.route;
