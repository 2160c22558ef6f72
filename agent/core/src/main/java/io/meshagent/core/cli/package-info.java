/**
 * The command line of the jar.
 *
 * <p>Imports: {@code core.attach}, {@code core.config}.
 */
package io.meshagent.core.cli;
