package io.meshagent.core.telemetry;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.meshagent.core.engine.AgentThreads;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The exporter's connection: one event loop and one thread for name look-ups and answers, both
 * daemons, and no connection while there is nothing to send. The JDK's sockets and TLS only, since
 * native libraries can't be loaded by two class loaders; and no proxy, since the selector would be
 * the program's.
 */
final class CollectorChannel {

  private final EventLoopGroup eventLoop = new NioEventLoopGroup(1, AgentThreads.named("otlp-io"));
  private final ThreadPoolExecutor executor =
      new ThreadPoolExecutor(
          1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), AgentThreads.named("otlp"));
  private final ManagedChannel channel;

  CollectorChannel(CollectorAddress collector) throws IOException {
    executor.allowCoreThreadTimeOut(true);
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(collector.host(), collector.port())
            .channelType(NioSocketChannel.class)
            .eventLoopGroup(eventLoop)
            .executor(executor)
            .offloadExecutor(executor)
            .proxyDetector(address -> null)
            .idleTimeout(1, TimeUnit.MINUTES)
            .disableRetry()
            .userAgent("mesh-agent");
    if (collector.tls()) {
      SslContextBuilder jdkTls =
          GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK);
      builder.sslContext(jdkTls.build());
    } else {
      builder.usePlaintext();
    }
    channel = builder.build();
  }

  ManagedChannel channel() {
    return channel;
  }

  /** Does not wait. The executor is left to finish its answers; its thread then ends by itself. */
  void close() {
    channel.shutdownNow();
    Future<?> unused = eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
