/**
 * What the adapters and the engine say to each other: the only package of core that {@code
 * agent/grpc} may import. JDK TYPES ONLY, no library of ours in a signature, because each program's
 * adapters live in a loader of their own and meet the engine here.
 */
package io.meshagent.core.api;
