/**
 * The server pipeline, and what is registered of a server. Imports its parent, io.grpc and core
 * api.
 */
package io.meshagent.grpc.server;
