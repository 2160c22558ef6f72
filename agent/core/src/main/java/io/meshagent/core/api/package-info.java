/**
 * What the adapters and the engine say to each other: interfaces and values, without behaviour. JDK
 * TYPES ONLY, no library of ours in a signature, because each program's adapters live in a loader
 * of their own and meet the engine here.
 *
 * <p>Imports: nothing of ours.
 */
package io.meshagent.core.api;
