package io.meshagent.core.registry.etcd;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.meshagent.core.engine.AgentThreads;
import io.meshagent.core.registry.etcd.EtcdOperations.Answer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The one connection to etcd that both machines share: to one member at a time, to the next one
 * when that fails. Thread-safe; never blocks but in {@link #close}.
 *
 * <p>A channel that failed is thrown away rather than left to gRPC's own reconnecting: that backs
 * off for up to two minutes, and a fresh channel tells within milliseconds whether etcd is back.
 * How often that is tried is the machines' to decide.
 */
final class EtcdConnection {

  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

  /** Makes a member that lost its leader say so, instead of waiting with us for a new one. */
  private static final Metadata.Key<String> REQUIRE_LEADER =
      Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

  private static final int CONNECT_MILLIS = 3_000;
  private static final int LARGEST_MESSAGE = 64 * 1024 * 1024;

  private final EtcdSettings settings;
  private final List<EtcdEndpoint> endpoints;

  private int turn;
  private boolean closed;
  private EventLoopGroup io;
  private ExecutorService names;

  /** The channel to the present member; null until it is needed. */
  private ManagedChannel channel;

  /** The same with what every request carries; null until that is known. */
  private Channel ready;

  private List<Answer<Channel>> waiting = new ArrayList<>();

  EtcdConnection(EtcdSettings settings) {
    this.settings = settings;
    this.endpoints =
        settings.endpoints().stream().map(EtcdEndpoint::parse).collect(Collectors.toList());
    this.turn = ThreadLocalRandom.current().nextInt(endpoints.size());
  }

  /** The member that is asked now, for messages. */
  synchronized EtcdEndpoint endpoint() {
    return endpoints.get(turn);
  }

  /** Answers with a channel to send one request on, after logging in if there is a user. */
  void use(Answer<Channel> answer) {
    Channel now;
    ManagedChannel logIn = null;
    boolean late;
    synchronized (this) {
      late = closed;
      if (!closed && channel == null) {
        channel = open(endpoint());
        if (settings.user() == null) {
          ready = carrying(channel, null);
        } else {
          logIn = channel;
        }
      }
      now = ready;
      if (now == null && !closed) {
        waiting.add(answer);
      }
    }
    if (now != null) {
      answer.arrived(now, null);
    } else if (logIn != null) {
      logIn(logIn);
    } else if (late) {
      answer.arrived(null, new EtcdFailure(EtcdFailure.Kind.OTHER, "closed"));
    }
  }

  private ManagedChannel open(EtcdEndpoint endpoint) {
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
    return endpoint.tls() ? builder.useTransportSecurity().build() : builder.usePlaintext().build();
  }

  private static Channel carrying(Channel channel, String token) {
    Metadata headers = new Metadata();
    headers.put(REQUIRE_LEADER, "true");
    if (token != null) {
      headers.put(TOKEN, token);
    }
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private void logIn(ManagedChannel on) {
    AuthenticateRequest who =
        AuthenticateRequest.newBuilder()
            .setName(settings.user())
            .setPassword(settings.password())
            .build();
    AuthGrpc.newStub(on)
        .withDeadlineAfter(EtcdClient.DEADLINE_SECONDS, TimeUnit.SECONDS)
        .authenticate(
            who,
            new OneAnswer<AuthenticateResponse>(
                (answer, error) -> loggedIn(on, answer, EtcdFailures.of(endpoint(), error))));
  }

  private void loggedIn(ManagedChannel on, AuthenticateResponse answer, EtcdFailure failure) {
    List<Answer<Channel>> told;
    Channel now = null;
    synchronized (this) {
      if (on != channel) {
        return;
      }
      if (failure == null) {
        now = carrying(on, answer.getToken());
        ready = now;
      }
      told = waiting;
      waiting = new ArrayList<>();
    }
    if (failure != null) {
      giveUp(on, failure);
    }
    for (Answer<Channel> each : told) {
      each.arrived(now, failure);
    }
  }

  /** The token has expired: the next use logs in again. */
  void forgetToken(Channel used) {
    ManagedChannel old = null;
    synchronized (this) {
      if (used == ready && settings.user() != null) {
        old = channel;
      }
    }
    if (old != null) {
      giveUp(old, new EtcdFailure(EtcdFailure.Kind.UNREACHABLE, "logging in again"));
    }
  }

  /** The channel does not do: the next use takes another member, if there is one. */
  void failed(Channel used) {
    ManagedChannel old = null;
    synchronized (this) {
      if (used == ready) {
        old = channel;
        turn = (turn + 1) % endpoints.size();
      }
    }
    if (old != null) {
      giveUp(old, new EtcdFailure(EtcdFailure.Kind.UNREACHABLE, "connecting again"));
    }
  }

  /** The present channel does not do, whichever it is. */
  void failed() {
    Channel used;
    synchronized (this) {
      used = ready;
    }
    if (used != null) {
      failed(used);
    }
  }

  private void giveUp(ManagedChannel old, EtcdFailure failure) {
    List<Answer<Channel>> told = new ArrayList<>();
    synchronized (this) {
      if (old == channel) {
        if (ready == null) {
          // It was the log-in that failed; a failed request has moved on to the next member
          // already.
          turn = (turn + 1) % endpoints.size();
        }
        channel = null;
        ready = null;
        told = waiting;
        waiting = new ArrayList<>();
      }
    }
    old.shutdownNow();
    for (Answer<Channel> each : told) {
      each.arrived(null, failure);
    }
  }

  /** Ends all connections and threads; what is under way fails. */
  void close() {
    ManagedChannel old;
    EventLoopGroup group;
    synchronized (this) {
      closed = true;
      old = channel;
      group = io;
    }
    if (old != null) {
      giveUp(old, new EtcdFailure(EtcdFailure.Kind.OTHER, "closed"));
      try {
        boolean unused = old.awaitTermination(500, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (group != null) {
      Future<?> unused = group.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS);
      names.shutdown();
    }
  }
}
