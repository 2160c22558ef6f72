/**
 * What a program tells the console of the mesh: whom it calls and how that goes, summed up by
 * itself, in one small entry under its lease.
 *
 * <p>Imports: {@code core.run}, {@code core.telemetry.metrics}.
 */
package io.meshagent.core.console.publish;
