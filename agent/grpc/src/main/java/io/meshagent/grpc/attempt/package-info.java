/**
 * What is seen of an attempt when it leaves, gRPC 1.20 and newer. Imports its parent and io.grpc.
 */
package io.meshagent.grpc.attempt;
