/**
 * Events for the JVM's own Flight Recorder, where it has one and somebody records.
 *
 * <p>Imports: nothing of ours.
 */
package io.meshagent.core.flight;
