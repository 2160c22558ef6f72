package io.meshagent.core.telemetry.otlp;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.meshagent.core.config.ServerAddress;
import io.meshagent.core.run.AgentThreads;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A collector's connection: one event loop and one thread for name look-ups and answers, both
 * daemons, and no connection while there is nothing to send. The JDK's sockets and TLS only, since
 * native libraries can't be loaded by two class loaders; and no proxy, since the selector would be
 * the program's.
 */
final class CollectorChannel {

  private final ManagedChannel channel;
  private final EventLoopGroup eventLoop;
  private final ThreadPoolExecutor executor;

  /**
   * Connects with the first call.
   *
   * @throws IOException or an unchecked exception if this Java has no TLS that HTTP/2 can do with;
   *     nothing is then left open
   */
  CollectorChannel(ServerAddress collector) throws IOException {
    SslContext tls = collector.tls() ? jdkTls() : null;
    eventLoop = new NioEventLoopGroup(1, AgentThreads.named("otlp-io"));
    executor = executor();
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
    channel = (tls == null ? builder.usePlaintext() : builder.sslContext(tls)).build();
  }

  private static SslContext jdkTls() throws IOException {
    return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK).build();
  }

  private static ThreadPoolExecutor executor() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), AgentThreads.named("otlp"));
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  ManagedChannel channel() {
    return channel;
  }

  /**
   * Cuts the connection without waiting, and lets the threads end by themselves. Called when the
   * JVM ends, or when the program goes on without the agent: to end the event loop starts Netty's
   * global executor, whose thread is no daemon and lives for a second.
   */
  void close() {
    channel.shutdownNow();
    Future<?> unused = eventLoop.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS);
    executor.shutdown();
  }
}
