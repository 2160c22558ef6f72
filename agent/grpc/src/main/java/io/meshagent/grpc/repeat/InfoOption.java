package io.meshagent.grpc.repeat;

import io.grpc.CallOptions;
import io.meshagent.core.call.RepeatRule;

/**
 * gRPC 1.33 and newer: the method's whole info is an option of the call. Where the stream is made
 * everything but the policies was read from it.
 */
final class InfoOption extends PolicyOption {

  private final MethodInfos infos;

  InfoOption(MethodInfos infos) {
    this.infos = infos;
  }

  @Override
  CallOptions with(CallOptions options, RepeatRule rule) {
    try {
      Object programs = options.getOption(infos.key());
      boolean own =
          programs != null
              && (infos.retryPolicy(programs) != null || infos.hedgingPolicy(programs) != null);
      return own ? null : options.withOption(infos.key(), infos.of(rule));
    } catch (IllegalAccessException e) {
      return null;
    }
  }
}
