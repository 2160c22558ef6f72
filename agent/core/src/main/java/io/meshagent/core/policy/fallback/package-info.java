/**
 * What calls that have failed are told in the place of their failure.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.policy.base},
 * {@code core.policy.cache}.
 */
package io.meshagent.core.policy.fallback;
