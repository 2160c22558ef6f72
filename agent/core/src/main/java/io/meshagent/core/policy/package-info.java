/**
 * The plans of methods, compiled from the settings, and the list of policies, which is the
 * pipeline. Each policy has a package of its own below this one and is named by that list alone.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.log}, and all
 * of {@code core.policy.*}.
 */
package io.meshagent.core.policy;
