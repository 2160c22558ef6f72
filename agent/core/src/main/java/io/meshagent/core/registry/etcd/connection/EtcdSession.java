package io.meshagent.core.registry.etcd.connection;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.meshagent.core.config.ServerAddress;
import java.util.concurrent.TimeUnit;

/** A connection to one member with what every request on it carries. Thread-safe. */
final class EtcdSession {

  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

  /** Makes a member that lost its leader say so, instead of waiting with us for a new one. */
  private static final Metadata.Key<String> REQUIRE_LEADER =
      Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

  private final ServerAddress endpoint;
  private final ManagedChannel connection;
  private final Channel requests;
  private final String token;

  /** When etcd last took the token; null if it has not yet, on this connection. */
  private volatile Long workedAt;

  /**
   * @param token what logging in gave; null without a user
   */
  EtcdSession(ServerAddress endpoint, ManagedChannel connection, String token) {
    Metadata headers = new Metadata();
    headers.put(REQUIRE_LEADER, "true");
    if (token != null) {
      headers.put(TOKEN, token);
    }
    this.endpoint = endpoint;
    this.connection = connection;
    this.token = token;
    this.requests =
        ClientInterceptors.intercept(
            connection, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** The member, for messages. */
  ServerAddress endpoint() {
    return endpoint;
  }

  ManagedChannel connection() {
    return connection;
  }

  /** To send requests on. */
  Channel requests() {
    return requests;
  }

  /** Whether etcd knows who asks. */
  boolean isLoggedIn() {
    return token != null;
  }

  /** Null without a user. */
  String token() {
    return token;
  }

  /** Etcd has done what only those may ask who are logged in. */
  EtcdSession worked() {
    workedAt = System.nanoTime();
    return this;
  }

  /** Whether etcd has taken the token on this connection. */
  boolean hasWorked() {
    return workedAt != null;
  }

  /** Whether that was a moment ago, so that it takes it still. */
  boolean hasJustWorked() {
    Long at = workedAt;
    return at != null && System.nanoTime() - at < TimeUnit.SECONDS.toNanos(2);
  }
}
