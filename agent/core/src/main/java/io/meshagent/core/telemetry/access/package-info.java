/**
 * The access log: a line for each call, for those who want that.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.log}, {@code
 * core.run}.
 */
package io.meshagent.core.telemetry.access;
