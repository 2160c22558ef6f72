/**
 * What the program's own health service says of the services that we publish.
 *
 * <p>Imports: {@code core.api}, {@code core.log}, {@code core.run}.
 */
package io.meshagent.core.registry.health;
