package io.meshagent.grpc.base;

/**
 * What the transport of one connected subchannel was told by its peer, and how it keeps itself
 * alive, found by looking into gRPC: Netty's (shaded or not) and OkHttp's, the same in gRPC 1.22 to
 * 1.85. For the moment when the connection is ready: the peer's settings have come by then. In the
 * channel's sync context.
 */
public final class ConnectedTransport {

  /** Wrappers around a transport; seen: 1 and 2. */
  private static final int DEEPEST = 8;

  /** What nobody has under way at once is as good as no limit. */
  private static final int NO_LIMIT = 1 << 20;

  /** Null if it is none that we know. */
  private final Object transport;

  private ConnectedTransport(Object transport) {
    this.transport = transport;
  }

  /** That of a subchannel that is ready. */
  public static ConnectedTransport of(Object subchannel) {
    Object outer =
        GrpcInternals.field(GrpcInternals.field(subchannel, "subchannel"), "activeTransport");
    for (int i = 0; i < DEEPEST && outer != null; i++) {
      Object inner = GrpcInternals.field(outer, "delegate");
      if (inner == null) {
        break;
      }
      outer = inner;
    }
    return new ConnectedTransport(outer);
  }

  /**
   * Whether a subchannel has a stream; true if that can't be told. In the channel's sync context.
   */
  public static boolean isInUse(Object subchannel) {
    Object streams =
        GrpcInternals.field(GrpcInternals.field(subchannel, "subchannel"), "inUseStateAggregator");
    return !Boolean.FALSE.equals(GrpcInternals.call(streams, "isInUse"));
  }

  /** How many streams the peer takes at once; 0 if it has set no limit, or it can't be read. */
  public int mostStreams() {
    Object read = limit();
    int limit = read instanceof Integer ? (Integer) read : 0;
    return limit <= 0 || limit >= NO_LIMIT ? 0 : limit;
  }

  private Object limit() {
    if (transport == null) {
      return null;
    }
    switch (transport.getClass().getSimpleName()) {
      case "NettyClientTransport":
        Object http2 = GrpcInternals.call(GrpcInternals.field(transport, "handler"), "connection");
        return GrpcInternals.call(GrpcInternals.call(http2, "local"), "maxActiveStreams");
      case "OkHttpClientTransport":
        return GrpcInternals.field(transport, "maxConcurrentStreams");
      default:
        return null;
    }
  }

  /**
   * Has it send keep-alive pings no more often than the peer permits, which would end the
   * connection for {@code too_many_pings}. What the channel's keep-alive says besides stays. For a
   * transport that has no stream yet.
   *
   * @param permittedNanos the shortest time between two pings
   * @param withoutCalls whether they are permitted while there is no stream, too
   * @return false if it would send more, and could only be stopped from sending any
   */
  public boolean keepTo(long permittedNanos, boolean withoutCalls) {
    Object manager = GrpcInternals.field(transport, "keepAliveManager");
    if (manager == null) {
      return true;
    }
    Object nanos = GrpcInternals.field(manager, "keepAliveTimeInNanos");
    boolean always =
        !Boolean.FALSE.equals(GrpcInternals.field(manager, "keepAliveDuringTransportIdle"));
    boolean slow = nanos instanceof Long && (Long) nanos >= permittedNanos;
    if (slow && (!always || withoutCalls)) {
      return true;
    }
    if ((!slow && !GrpcInternals.set(manager, "keepAliveTimeInNanos", slower(permittedNanos)))
        || (always
            && !withoutCalls
            && !GrpcInternals.set(manager, "keepAliveDuringTransportIdle", false))) {
      // As gRPC does it when the connection ends.
      Object unused = GrpcInternals.call(manager, "onTransportTermination");
      return false;
    }
    // A ping that is planned already is planned anew.
    Object unused = GrpcInternals.call(manager, "onDataReceived");
    if (always && !withoutCalls) {
      unused = GrpcInternals.call(manager, "onTransportIdle");
    }
    return true;
  }

  /** On the way two pings may come closer to each other than they were sent. */
  private static long slower(long permittedNanos) {
    return permittedNanos + permittedNanos / 20;
  }
}
