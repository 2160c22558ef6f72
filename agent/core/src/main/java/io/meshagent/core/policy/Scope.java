package io.meshagent.core.policy;

import io.meshagent.core.config.NeverGoverned;

/** Which services the agent treats in another way than most. Names end with their last dot. */
final class Scope {

  /** A program's own use of etcd: none of our business. */
  private static final String[] LEFT_ALONE = {"etcdserverpb.", "v3lockpb.", "v3electionpb."};

  /** Control planes, clouds and collectors: they are where the program says, in no directory. */
  private static final String[] NEVER_LOOKED_UP = {
    "grpc.", "envoy.", "google.", "opentelemetry.proto."
  };

  /** Programs for trying gRPC out are as good as any. */
  private static final String[] LOOKED_UP_AFTER_ALL = {"grpc.testing."};

  private Scope() {}

  static boolean isLeftAlone(String serviceOrMethod) {
    return beginsWith(serviceOrMethod, LEFT_ALONE);
  }

  /** Whether no policy may refuse or delay its calls. */
  static boolean isObservedOnly(String serviceOrMethod) {
    return NeverGoverned.includes(serviceOrMethod);
  }

  /** Whether its calls may go to instances of the directory. */
  static boolean isLookedUp(String serviceOrMethod) {
    return beginsWith(serviceOrMethod, LOOKED_UP_AFTER_ALL)
        || !beginsWith(serviceOrMethod, NEVER_LOOKED_UP);
  }

  private static boolean beginsWith(String name, String[] prefixes) {
    for (String prefix : prefixes) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
