/**
 * Programs that run others inside themselves, each in a loader of its own, and know no gRPC: what
 * they run is on class paths that they are given. Copied out to be the whole class path of a JVM.
 */
package io.meshagent.it.programs.host;
