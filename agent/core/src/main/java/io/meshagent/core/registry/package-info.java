/**
 * Where instances are published and found: one interface and what is told through it.
 * Implementations and formats stand in the packages below.
 *
 * <p>Imports: {@code core.api}, {@code core.registry.format}, {@code core.run}.
 */
package io.meshagent.core.registry;
