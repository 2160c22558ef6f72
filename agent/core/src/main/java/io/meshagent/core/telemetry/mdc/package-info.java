/**
 * The ids of traces in the log context of the program. Knows its logging libraries by name only,
 * and calls none that the program does not use.
 *
 * <p>Imports: {@code core.api}.
 */
package io.meshagent.core.telemetry.mdc;
