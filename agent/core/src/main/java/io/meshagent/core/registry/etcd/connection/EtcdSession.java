package io.meshagent.core.registry.etcd.connection;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.meshagent.core.config.ServerAddress;

/** A connection to one member with what every request on it carries. Immutable. */
final class EtcdSession {

  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

  /** Makes a member that lost its leader say so, instead of waiting with us for a new one. */
  private static final Metadata.Key<String> REQUIRE_LEADER =
      Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

  private final ServerAddress endpoint;
  private final ManagedChannel connection;
  private final Channel requests;
  private final boolean loggedIn;

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
    this.loggedIn = token != null;
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
    return loggedIn;
  }
}
