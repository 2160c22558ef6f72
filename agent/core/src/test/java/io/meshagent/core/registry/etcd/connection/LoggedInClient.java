package io.meshagent.core.registry.etcd.connection;

import io.grpc.Server;
import io.meshagent.core.registry.etcd.access.EtcdSettings;
import java.time.Duration;
import java.util.List;

/** A client with a user, of a server that stands for etcd. Stateless. */
final class LoggedInClient {

  private LoggedInClient() {}

  /** Has to be closed. */
  static EtcdClient of(Server server) {
    return new EtcdClient(
        new EtcdSettings(
            List.of("http://127.0.0.1:" + server.getPort()),
            "user",
            "password",
            "/services",
            Duration.ofSeconds(15)));
  }
}
