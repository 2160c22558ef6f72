package io.meshagent.grpc.base;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Deadline;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Service;
import java.util.concurrent.TimeUnit;

/**
 * How long a call can wait for the first word of the directory, and still be made in time by the
 * channel's own way: a program that has just started may have short deadlines, and a slow registry
 * must not be what its first calls fail of. Stateless.
 */
public final class DirectoryWait {

  /**
   * What the first call of a program may take without us: 300 to 950 ms were seen on two busy
   * cores, connecting and the loading of classes included, of which part is done while it waits.
   */
  private static final long RESERVE_MILLIS = 500;

  /** A picker sees a call's options, but not the context that it was made in. */
  private static final CallOptions.Key<Deadline> INHERITED =
      CallOptions.Key.create("mesh-agent: inherited deadline");

  private DirectoryWait() {}

  /** The options of a call that may have to wait; as they are once the directory has spoken. */
  public static CallOptions noted(CallOptions options, Service service) {
    if (service.endpoints().state() != Endpoints.State.UNKNOWN) {
      return options;
    }
    Deadline inherited = Context.current().getDeadline();
    return inherited == null ? options : options.withOption(INHERITED, inherited);
  }

  /** How many milliseconds the call can wait yet: 0 or less if it can't. */
  public static long leftMillis(CallOptions options) {
    return Math.min(millis(options.getDeadline()), millis(options.getOption(INHERITED)))
        - RESERVE_MILLIS;
  }

  private static long millis(Deadline deadline) {
    return deadline == null ? Long.MAX_VALUE : deadline.timeRemaining(TimeUnit.MILLISECONDS);
  }
}
