/**
 * The agent's own log: lines on the error stream or in a file, and the ends where libraries of the
 * agent would otherwise reach the program's logging (one for SLF4J, one for the JDK's logger).
 *
 * <p>Imports: {@code core.flight}.
 */
package io.meshagent.core.log;
