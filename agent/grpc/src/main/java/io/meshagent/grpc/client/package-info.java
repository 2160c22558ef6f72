/** The client pipeline around a logical call. Imports its parent, io.grpc and core api. */
package io.meshagent.grpc.client;
