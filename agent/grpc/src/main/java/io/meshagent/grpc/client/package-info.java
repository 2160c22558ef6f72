/** The client pipeline around a logical call. Imports its parent, attempt, io.grpc and core api. */
package io.meshagent.grpc.client;
