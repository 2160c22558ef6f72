/**
 * The agent's threads, loops, timers, clocks and pauses.
 *
 * <p>Imports: {@code core.log}.
 */
package io.meshagent.core.run;
