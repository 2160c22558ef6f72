package io.meshagent.core.hooks;

/**
 * The parts of the adapters that can be off on their own, when a version of gRPC lacks a member.
 */
enum AdapterGroup {
  /** First, because without it nothing works. */
  COMMON("io/meshagent/grpc/base/", "it is not governed"),
  CLIENT("io/meshagent/grpc/client/", "client calls are not governed"),
  ATTEMPT("io/meshagent/grpc/attempt/", "trace headers of others may be sent beside the agent's"),
  REPEAT("io/meshagent/grpc/repeat/", "calls are not retried"),
  SERVER("io/meshagent/grpc/server/", "servers are neither registered nor governed"),
  BYTES("io/meshagent/grpc/bytes/", "the bytes of a server's calls are not measured"),
  REROUTE("io/meshagent/grpc/reroute/", "calls go to their original targets"),
  ATTACH("io/meshagent/grpc/attach/", "servers and channels that are there already are left alone");

  private final String folder;
  private final String loss;

  AdapterGroup(String folder, String loss) {
    this.folder = folder;
    this.loss = loss;
  }

  /** Where its classes are in the layer; only those directly in it. */
  String folder() {
    return folder;
  }

  String loss() {
    return loss;
  }
}
