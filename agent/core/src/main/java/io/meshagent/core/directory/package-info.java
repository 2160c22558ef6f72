/**
 * What is known of who hosts what, for the adapters.
 *
 * <p>Imports: {@code core.api}, {@code core.config}, {@code core.log}, {@code core.registry},
 * {@code core.registry.format}, {@code core.registry.local}, {@code core.run}.
 */
package io.meshagent.core.directory;
