package io.meshagent.core.registry.etcd.connection;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.meshagent.core.config.ServerAddress;
import io.meshagent.core.registry.etcd.access.EtcdTls;
import io.meshagent.core.run.AgentThreads;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Opens channels to members of etcd, and has the threads that these run on. {@link EtcdConnection}
 * calls it under its lock. It reads files of keys and certificates each time, so that replaced ones
 * count; it waits for nothing else.
 */
public final class EtcdChannels {

  private static final int CONNECT_MILLIS = 3_000;

  /**
   * A thousand entries of the usual kind are a twentieth of this, and etcd takes no request of more
   * than 1.5 MB unless told otherwise. The buffers of one message must fit into a small heap.
   */
  public static final int LARGEST_MESSAGE = 8 * 1024 * 1024;

  private final EtcdTls tls;
  private EventLoopGroup io;
  private ExecutorService names;

  EtcdChannels(EtcdTls tls) {
    this.tls = tls;
  }

  /**
   * @throws IOException with a clause for people, if the files for TLS do not do
   */
  ManagedChannel open(ServerAddress endpoint) throws IOException {
    if (io == null) {
      io = new NioEventLoopGroup(1, AgentThreads.named("etcd-io"));
      ThreadPoolExecutor resolver =
          new ThreadPoolExecutor(
              1,
              1,
              10,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              AgentThreads.named("etcd-names"),
              new ThreadPoolExecutor.DiscardPolicy());
      resolver.allowCoreThreadTimeOut(true);
      names = resolver;
    }
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
            .eventLoopGroup(io)
            .channelType(NioSocketChannel.class)
            // Answers only hand over to a loop, so the thread that brings them will do.
            .directExecutor()
            .offloadExecutor(names)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            // Etcd does not allow pings more often than every 5 s, nor without a stream.
            .keepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTimeout(5, TimeUnit.SECONDS)
            .maxInboundMessageSize(LARGEST_MESSAGE)
            .proxyDetector(address -> null)
            .disableServiceConfigLookUp()
            .disableRetry();
    if (!endpoint.tls()) {
      return builder.usePlaintext().build();
    }
    if (tls.serverName() != null) {
      builder.overrideAuthority(tls.serverName());
    }
    return builder.sslContext(tls.context()).build();
  }

  void close() {
    if (io != null) {
      Future<?> unused = io.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS);
      names.shutdown();
    }
  }
}
