/**
 * Servers and channels that are older than the hooks. Imports its parent, io.grpc, core api and
 * what it hands them to.
 */
package io.meshagent.grpc.attach;
