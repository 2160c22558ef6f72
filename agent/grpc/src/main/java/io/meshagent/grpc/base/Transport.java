package io.meshagent.grpc.base;

import io.meshagent.core.api.Instance;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** What kind of transport a channel or a server uses, found by looking into gRPC. Immutable. */
public final class Transport {

  private static final String PLAINTEXT = "http";
  private static final String TLS = "https";

  /** Wrappers around a transport factory; seen: 0, 1 and 2. */
  private static final int DEEPEST = 8;

  private final boolean network;
  private final boolean reroutable;
  private final String scheme;

  private Transport(boolean network, boolean reroutable, String scheme) {
    this.network = network;
    this.reroutable = reroutable;
    this.scheme = scheme;
  }

  /** The transport of a {@code ManagedChannelImpl}. */
  public static Transport ofChannel(Object channel) {
    Object factory = GrpcInternals.field(channel, "transportFactory");
    for (int i = 0; i < DEEPEST; i++) {
      Object inner = GrpcInternals.field(factory, "delegate");
      if (inner == null) {
        break;
      }
      factory = inner;
    }
    if (factory == null) {
      return new Transport(true, false, null);
    }
    switch (factory.getClass().getSimpleName()) {
      case "NettyTransportFactory":
        return new Transport(true, opensSockets(factory), nettyScheme(factory));
      case "OkHttpTransportFactory":
        Object tls = GrpcInternals.field(factory, "sslSocketFactory");
        return new Transport(true, true, tls == null ? PLAINTEXT : TLS);
      case "InProcessClientTransportFactory":
      case "InProcessTransportFactory":
        return new Transport(false, false, null);
      default:
        return new Transport(true, false, null);
    }
  }

  /** A Netty factory may have been given another kind of channel, for unix sockets say. */
  private static boolean opensSockets(Object factory) {
    String channelFactory = String.valueOf(GrpcInternals.field(factory, "channelFactory"));
    if (channelFactory.contains("DomainSocket") || channelFactory.contains("LocalChannel")) {
      return false;
    }
    // gRPC 1.60 and newer say what they can connect to.
    Object supported = GrpcInternals.call(factory, "getSupportedSocketAddressTypes");
    return !(supported instanceof Collection)
        || ((Collection<?>) supported).contains(InetSocketAddress.class);
  }

  /** The scheme that a {@code ServerImpl} speaks, or null if it can't be told. */
  public static String schemeOfServer(Object server) {
    Object transport = transportOf(server);
    if (transport == null) {
      return null;
    }
    if (transport.getClass().getSimpleName().equals("OkHttpServer")) {
      Object handshaker = GrpcInternals.field(transport, "handshakerSocketFactory");
      return handshaker == null
          ? null
          : handshaker.getClass().getSimpleName().startsWith("Plaintext") ? PLAINTEXT : TLS;
    }
    return nettyScheme(transport);
  }

  private static Object transportOf(Object server) {
    Object transport = GrpcInternals.field(server, "transportServer");
    // gRPC 1.19 to 1.35 have a list, of one.
    Object all = transport == null ? GrpcInternals.field(server, "transportServers") : null;
    if (all instanceof Iterable) {
      for (Object each : (Iterable<?>) all) {
        return each;
      }
    }
    return transport;
  }

  /**
   * What a {@code ServerImpl} says of the keep-alive pings that it permits, by the names of {@link
   * Instance.Metadata}; empty for one that permits what servers permit that were told nothing.
   */
  public static Map<String, String> permittedByServer(Object server) {
    Object transport = transportOf(server);
    Object okHttps = GrpcInternals.field(transport, "transportConfig");
    Object from = okHttps == null ? transport : okHttps;
    Object nanos = GrpcInternals.field(from, "permitKeepAliveTimeInNanos");
    Map<String, String> facts = new HashMap<>();
    if (nanos instanceof Long && (Long) nanos != Instance.USUAL_KEEP_ALIVE_NANOS) {
      // Rather later than too early.
      long millis = ((Long) nanos + 999_999) / 1_000_000;
      facts.put(Instance.Metadata.KEEP_ALIVE, Long.toString(millis));
    }
    if (Boolean.TRUE.equals(GrpcInternals.field(from, "permitKeepAliveWithoutCalls"))) {
      facts.put(Instance.Metadata.KEEP_ALIVE_WITHOUT_CALLS, "true");
    }
    return facts;
  }

  private static String nettyScheme(Object transport) {
    Object scheme =
        GrpcInternals.call(GrpcInternals.field(transport, "protocolNegotiator"), "scheme");
    return scheme == null ? null : scheme.toString();
  }

  /** False for in-process channels, which are left alone. */
  public boolean isNetwork() {
    return network;
  }

  /** Whether it can connect to any host and port. */
  public boolean isReroutable() {
    return reroutable;
  }

  /** {@code http}, {@code https}, or null if it can't be told. */
  public String scheme() {
    return scheme;
  }
}
