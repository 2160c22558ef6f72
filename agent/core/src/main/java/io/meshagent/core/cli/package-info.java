/**
 * The command line of the jar.
 *
 * <p>Imports: {@code core.attach}, {@code core.config}, {@code core.policy}.
 */
package io.meshagent.core.cli;
