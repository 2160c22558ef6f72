/**
 * The formats of keys and values in which instances stand in a registry.
 *
 * <p>Imports: {@code core.api}, {@code core.config}.
 */
package io.meshagent.core.registry.format;
