/**
 * The registry without a server: a directory on this machine, for development and first contact.
 *
 * <p>Imports: {@code core.api}, {@code core.log}, {@code core.registry}, {@code
 * core.registry.format}, {@code core.run}.
 */
package io.meshagent.core.registry.local;
