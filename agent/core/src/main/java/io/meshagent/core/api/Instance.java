package io.meshagent.core.api;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * One instance of a service as the directory has it: an address and what its application said of
 * itself. Immutable; equal when every fact is equal, so that a change of weight is a change.
 */
public final class Instance {

  /** The default of {@code app.weight}. */
  private static final String USUAL_WEIGHT = "100";

  private static final double USUAL = 100;

  /**
   * What servers of gRPC permit that were told nothing, in any language.
   *
   * @see <a href="https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md">A8</a>
   */
  public static final long USUAL_KEEP_ALIVE_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** A hundred times what may be configured; what others write is as good as nothing. */
  private static final double MOST_WEIGHT = 10_000;

  private final String host;
  private final int port;
  private final InetSocketAddress address;
  private final Map<String, String> metadata;
  private final String hostPort;

  /**
   * @param host as registered: a name, an IPv4 address, or an IPv6 address without brackets
   * @param address where to connect; unresolved if the name could not be resolved
   * @param metadata see the constants in {@link Metadata}; copied
   */
  public Instance(String host, int port, InetSocketAddress address, Map<String, String> metadata) {
    this.host = SharedTexts.shared(host);
    this.port = port;
    this.address = address;
    this.metadata = Facts.of(metadata);
    this.hostPort = hostPort(host, port);
  }

  /** The names of the facts that an instance may publish of itself. */
  public static final class Metadata {
    public static final String APPLICATION = "app";
    public static final String VERSION = "version";
    public static final String ZONE = "zone";
    public static final String WEIGHT = "weight";

    /** {@code http} for plaintext HTTP/2, {@code https} for TLS. */
    public static final String SCHEME = "scheme";

    /** {@code host:port} of the admin page. */
    public static final String ADMIN = "admin";

    public static final String AGENT = "agent";

    /** When the server started, milliseconds since 1970. */
    public static final String STARTED = "started";

    /** {@code true} while the instance finishes its calls and wants no new ones. */
    public static final String DRAINING = "draining";

    /** The shortest time between two keep-alive pings that it permits, milliseconds. */
    public static final String KEEP_ALIVE = "keep-alive";

    /** {@code true} if it permits them on connections without calls, too. */
    public static final String KEEP_ALIVE_WITHOUT_CALLS = "keep-alive-without-calls";

    /** {@code true} if it wants to be told which application calls. */
    public static final String CALLERS = "callers";

    private Metadata() {}
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  public InetSocketAddress address() {
    return address;
  }

  /** Every published fact by its name, sorted; labels of the application included. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** {@code http}, {@code https}, or null if the instance did not say (a Go service, say). */
  public String scheme() {
    return metadata.get(Metadata.SCHEME);
  }

  /** Whether it finishes its calls and wants no new ones. */
  public boolean isDraining() {
    return "true".equals(metadata.get(Metadata.DRAINING));
  }

  /**
   * Its share of calls, 1 for an instance that says nothing of it; never negative. What is no
   * number, or far more than may be configured, is as good as nothing.
   */
  public double weight() {
    String weight = metadata.get(Metadata.WEIGHT);
    if (weight == null || weight.equals(USUAL_WEIGHT)) {
      // As good as all: and reading a number costs more than all else that is asked here.
      return 1;
    }
    try {
      double share = Double.parseDouble(weight) / USUAL;
      return share <= MOST_WEIGHT ? Math.max(0, share) : 1;
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  /**
   * The shortest time between two keep-alive pings that it permits; what servers of gRPC permit
   * that were told nothing, for an instance that does not say or says what is none.
   */
  public long keepAliveNanos() {
    String millis = metadata.get(Metadata.KEEP_ALIVE);
    try {
      return millis == null
          ? USUAL_KEEP_ALIVE_NANOS
          : TimeUnit.MILLISECONDS.toNanos(Math.max(0, Long.parseLong(millis)));
    } catch (NumberFormatException e) {
      return USUAL_KEEP_ALIVE_NANOS;
    }
  }

  /** Whether it permits keep-alive pings on connections without calls. */
  public boolean permitsIdleKeepAlive() {
    return "true".equals(metadata.get(Metadata.KEEP_ALIVE_WITHOUT_CALLS));
  }

  /** Whether it wants to be told which application calls. */
  public boolean asksForCallers() {
    return "true".equals(metadata.get(Metadata.CALLERS));
  }

  /** Whether it wants new calls: it is not draining, and its weight is more than 0. */
  public boolean isWilling() {
    return !isDraining() && weight() > 0;
  }

  /** {@code host:port}, an IPv6 host in brackets: the identity of an instance. */
  public String hostPort() {
    return hostPort;
  }

  /** {@code host:port}, with brackets around an IPv6 host. */
  public static String hostPort(String host, int port) {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }

  @Override
  public boolean equals(Object o) {
    if (o == this) {
      return true;
    }
    if (!(o instanceof Instance)) {
      return false;
    }
    Instance other = (Instance) o;
    return port == other.port
        && host.equals(other.host)
        && Objects.equals(address, other.address)
        && metadata.equals(other.metadata);
  }

  @Override
  public int hashCode() {
    return host.hashCode() * 31 + port;
  }

  @Override
  public String toString() {
    return hostPort();
  }
}
