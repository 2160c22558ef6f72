/**
 * Which of a service's instances a JVM uses.
 *
 * <p>Imports: {@code core.api}, {@code core.registry.format}.
 */
package io.meshagent.core.route;
