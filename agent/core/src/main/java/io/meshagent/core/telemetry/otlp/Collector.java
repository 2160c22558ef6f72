package io.meshagent.core.telemetry.otlp;

import io.grpc.ManagedChannel;
import io.meshagent.core.config.ServerAddress;
import io.meshagent.core.log.Log;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * The OpenTelemetry collector that the settings name, and as whom this program sends to it. One
 * connection for all that is sent, which is opened with the first of it. Thread-safe; nothing
 * blocks.
 */
public final class Collector implements AutoCloseable {

  private final ServerAddress address;
  private final Resource resource;
  private final Consumer<String> warn;

  private final Object lock = new Object();
  private CollectorChannel connection; // guarded by lock
  private boolean closed; // guarded by lock

  public Collector(ServerAddress address, Resource resource) {
    this(address, resource, Log::warn);
  }

  /** With a log of its own. */
  public Collector(ServerAddress address, Resource resource, Consumer<String> warn) {
    this.address = address;
    this.resource = resource;
    this.warn = warn;
  }

  /**
   * For one kind of what is sent.
   *
   * @param service whose method {@code Export} takes it
   * @param noun for people, in the plural
   */
  public OtlpSender sender(String service, String noun) {
    return new OtlpSender(this, service, noun, warn);
  }

  /** What sends. */
  public Resource resource() {
    return resource;
  }

  ServerAddress address() {
    return address;
  }

  /** Null once it is closed. */
  ManagedChannel channel() throws IOException {
    synchronized (lock) {
      if (closed) {
        return null;
      }
      if (connection == null) {
        connection = new CollectorChannel(address);
      }
      return connection.channel();
    }
  }

  /** Cuts the connection; nothing is sent from now on. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      if (connection != null) {
        connection.close();
      }
    }
  }
}
