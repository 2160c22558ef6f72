package io.meshagent.grpc.repeat;

import io.grpc.CallOptions;
import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Rights;
import io.meshagent.core.call.RepeatRule;

/**
 * Where a copy of gRPC looks for the policy of a call whose stream it makes: among the call's
 * options, by keys of its own. Thread-safe.
 */
abstract class PolicyOption {

  /** Where no way is known. */
  private static final PolicyOption NONE =
      new PolicyOption() {
        @Override
        CallOptions with(CallOptions options, RepeatRule rule) {
          return null;
        }
      };

  /** For the gRPC of this loader; says so once where there is no way. */
  static PolicyOption of(ClassLoader grpc, Agent agent) {
    try {
      return Rights.ours(() -> find(grpc));
    } catch (RuntimeException | LinkageError e) {
      agent.warn(
          "calls are sent once, whatever client.retry and client.hedge say, because this gRPC keeps"
              + " its retry policies elsewhere than those that the agent knows ("
              + e
              + "); the program runs on");
      return NONE;
    }
  }

  private static PolicyOption find(ClassLoader grpc) {
    try {
      MethodInfos infos = new MethodInfos(grpc);
      return infos.isOption() ? new InfoOption(infos) : new ProviderOptions(grpc, infos);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Options by which gRPC follows the rule.
   *
   * @return null if the program has a policy of its own for the call, or there is no way
   */
  abstract CallOptions with(CallOptions options, RepeatRule rule);
}
