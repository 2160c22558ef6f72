/**
 * Publishes the servers of the program: which, under which address, and how they leave.
 *
 * <p>Imports: {@code core.api}, {@code core.log}, {@code core.registry}, {@code
 * core.registry.format}, {@code core.registry.health}, {@code core.run}.
 */
package io.meshagent.core.registry.publish;
