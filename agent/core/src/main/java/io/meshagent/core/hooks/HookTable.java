package io.meshagent.core.hooks;

import static io.meshagent.core.hooks.HookCode.Value.RETURNED;
import static io.meshagent.core.hooks.HookCode.Value.argument;
import static io.meshagent.core.hooks.HookCode.Value.field;
import static io.meshagent.core.hooks.HookCode.after;
import static io.meshagent.core.hooks.HookCode.atTheEnd;
import static io.meshagent.core.hooks.HookCode.before;
import static io.meshagent.core.hooks.HookCode.inPlaceOf;

import io.meshagent.bootstrap.Door;
import java.util.Arrays;
import java.util.List;
import net.bytebuddy.jar.asm.Type;

/**
 * Everything that the agent changes in a program. The names are the same in gRPC 1.22 to 1.85; only
 * the server call and the client's stream have two forms.
 */
final class HookTable {

  private static final String SERVER = "io.grpc.internal.ServerImpl";
  private static final String SERVER_TRANSPORT = SERVER + "$ServerTransportListenerImpl";
  private static final String CHANNEL = "io.grpc.internal.ManagedChannelImpl";
  private static final String HELPER = CHANNEL + "$LbHelperImpl";

  /** Its hook is written only where somebody wants it. */
  static final String TRACERS = "io.grpc.internal.StatsTraceContext";

  /** Likewise. */
  static final String CONTEXT = "io.grpc.Context";

  private static final HookCode TASK = before(Door.CONTEXT_TASK).seeing(argument(0)).replacing(0);

  private static final String DEFINITION = "io.grpc.ServerMethodDefinition";

  /** However many arguments the method takes. */
  private static final int ANY = -1;

  /** Before the channel makes a stream: its options may be replaced. */
  private static final HookCode STREAM_OPTIONS =
      before(Door.NEW_STREAM).ofStreams().seeing(argument(1)).replacing(1);

  /** One row: in which method of which class what is written, and what is lost without it. */
  static final List<Hook> ALL =
      Arrays.asList(
          // When it has returned; not when it threw.
          hook(SERVER, "start", 0, after(Door.SERVER_STARTED))
              .without("servers are not registered"),
          // shutdownNow() calls it, too. May take its time.
          hook(SERVER, "shutdown", 0, before(Door.SERVER_STOPPING))
              .without("servers are not withdrawn on shutdown"),
          // What it calls must not wait.
          hook(SERVER, "shutdownNow", 0, before(Door.SERVER_STOPPING_NOW))
              .without("shutdownNow() waits like shutdown()"),
          // Where a server call gets its method definition: ours, wrapped around the program's
          // interceptors. gRPC 1.40 and newer …
          hook(
                  SERVER_TRANSPORT,
                  "wrapMethod",
                  ANY,
                  after(Door.SERVER_METHOD).seeing(RETURNED).replacingTheResult())
              // … and up to 1.39.
              .orElse(
                  new Placement(
                      "startWrappedCall",
                      ANY,
                      1,
                      DEFINITION,
                      before(Door.SERVER_METHOD).seeing(argument(1)).replacing(1)))
              .without("server calls are not governed"),
          hook(
                  CHANNEL,
                  "newCall",
                  2,
                  inPlaceOf(Door.NEW_CALL)
                      .seeing(field("interceptorChannel"), argument(0), argument(1)))
              .without("client calls are not governed"),
          hook(CHANNEL, "exitIdleMode", 0, after(Door.CHANNEL_ACTIVE).seeing(field("lbHelper")))
              .without("calls wait for the original target's resolver"),
          // What a balancer still says while it is shut down is said to a router that is there.
          hook(CHANNEL, "shutdownNameResolverAndLoadBalancer", 1, atTheEnd(Door.CHANNEL_IDLE))
              .without("calls are not rerouted"),
          hook(
                  HELPER,
                  "updateBalancingState",
                  2,
                  before(Door.BALANCING_STATE)
                      .seeing(field("this$0"), argument(0), argument(1))
                      .replacing(0, 1))
              .without("calls are not rerouted"),
          // The stream of a call: gRPC 1.32 and newer …
          hook(CHANNEL + "$ChannelStreamProvider", "newStream", 4, STREAM_OPTIONS),
          // … and up to 1.31.
          hook(CHANNEL + "$ChannelTransportProvider", "newRetriableStream", 4, STREAM_OPTIONS),
          // Of a copy of the trailers.
          hook(
              "io.grpc.internal.RetriableStream$Sublistener",
              "makeRetryDecision",
              2,
              before(Door.RETRY_DECISION)
                  .ofStreams()
                  .seeing(argument(0), argument(1))
                  .replacing(1)),
          // Behind the program's own tracers of a server's call comes one of ours.
          hook(
                  TRACERS,
                  "newServerContext",
                  3,
                  before(Door.SERVER_TRACERS).seeing(argument(0)).replacing(0))
              .without("the bytes of a server's calls are not measured (metrics.attempts)"),
          task("wrap", "java.lang.Runnable"),
          task("wrap", "java.util.concurrent.Callable"),
          task("run", "java.lang.Runnable"),
          task("call", "java.util.concurrent.Callable"));

  private HookTable() {}

  private static Hook hook(String type, String method, int arguments, HookCode code) {
    return new Hook(type, new Placement(method, arguments, ANY, null, code), null, null);
  }

  /** Of what a context runs, or wraps to run it on another thread, by this method. */
  private static Hook task(String method, String type) {
    return new Hook(CONTEXT, new Placement(method, 1, 0, type, TASK), null, null);
  }

  /** A row of the table; immutable. */
  static final class Hook {
    final String type;
    private final Placement first;
    private final Placement other;
    private final String loss;

    private Hook(String type, Placement first, Placement other, String loss) {
      this.type = type;
      this.first = first;
      this.other = other;
      this.loss = loss;
    }

    /** Without this, what is lost is said where somebody asks for it. */
    private Hook without(String itsLoss) {
      return new Hook(type, first, other, itsLoss);
    }

    private Hook orElse(Placement next) {
      return new Hook(type, first, next, loss);
    }

    /** The ways to place this hook, the first that matches a method is taken. */
    List<Placement> placements() {
      return other == null ? Arrays.asList(first) : Arrays.asList(first, other);
    }

    /**
     * What does not work where no placement matches, as half a sentence; null for nothing to say.
     */
    String loss() {
      return loss;
    }
  }

  /** Which methods, and what is written into them; immutable. */
  static final class Placement {
    private final String method;
    private final int arguments;
    private final int which;
    private final String itsType;
    final HookCode code;

    private Placement(String method, int arguments, int which, String itsType, HookCode code) {
      this.method = method;
      this.arguments = arguments;
      this.which = which;
      this.itsType = itsType;
      this.code = code;
    }

    boolean matches(String name, String descriptor) {
      if (!name.equals(method)) {
        return false;
      }
      Type[] types = Type.getArgumentTypes(descriptor);
      return (arguments == ANY || types.length == arguments)
          && (itsType == null
              || (types.length > which && types[which].getClassName().equals(itsType)));
    }
  }
}
