package io.meshagent.it.programs;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.File;
import java.util.concurrent.TimeUnit;

/**
 * Servers and channels with and without TLS in one JVM: {@code TlsPeer <transport of the channels>
 * <directory of PEM files>}. {@code tls.Both} is hosted by a plaintext server and by one with TLS,
 * {@code tls.Plain} and {@code tls.Tls} by one of them, {@code tls.Mutual} by one that asks for a
 * certificate. Says {@code <name> port <n>} of each, then {@code ready}; on stdin {@code call
 * <channel> <service>}, see {@link TlsChannels}.
 */
public final class TlsPeer {

  private static final Context.Key<String> FACTS = Context.key("facts");

  private TlsPeer() {}

  public static void main(String[] args) throws Exception {
    File pems = new File(args[1]);
    TlsChannels channels = new TlsChannels(args[0], pems);
    start(NettyServerBuilder.forPort(0), "plain", "tls.Both", "tls.Plain");
    start(
        NettyServerBuilder.forPort(0).sslContext(context(pems).build()),
        "tls",
        "tls.Both",
        "tls.Tls");
    start(
        NettyServerBuilder.forPort(0)
            .sslContext(
                context(pems)
                    .trustManager(new File(pems, "authority.pem"))
                    .clientAuth(ClientAuth.REQUIRE)
                    .build()),
        "mutual",
        "tls.Mutual");
    System.out.println("ready");
    Commands.follow(
        words -> {
          ManagedChannel channel = channels.channel(words[1]);
          System.out.println("done " + call(channel, words[2]));
          channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        });
    System.exit(0);
  }

  private static SslContextBuilder context(File pems) {
    return GrpcSslContexts.forServer(
        new File(pems, "server.pem"), new File(pems, "server-key.pem"));
  }

  /** By gRPC's own type: what netty's builder inherits from moved between versions. */
  private static void start(ServerBuilder<?> builder, String name, String... services)
      throws Exception {
    for (String service : services) {
      builder.addService(Named.service(service, new Naming(name)));
    }
    Server server = builder.intercept(new CallFacts()).build().start();
    System.out.println(name + " port " + server.getPort());
  }

  private static String call(ManagedChannel channel, String service) {
    try {
      HelloReply reply =
          ClientCalls.blockingUnaryCall(
              channel,
              Named.sayHello(service),
              CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
              HelloRequest.getDefaultInstance());
      return reply.getServedBy() + " " + reply.getMessage();
    } catch (StatusRuntimeException e) {
      StringBuilder text = new StringBuilder(e.getStatus().getCode().name());
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        text.append(' ').append(String.valueOf(cause.getMessage()).replace('\n', ' '));
      }
      return text.toString();
    }
  }

  /** Answers with its server's name and what the server knows of the call. */
  private static final class Naming extends GreeterGrpc.GreeterImplBase {
    private final String name;

    Naming(String name) {
      this.name = name;
    }

    @Override
    public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
      replies.onNext(HelloReply.newBuilder().setServedBy(name).setMessage(FACTS.get()).build());
      replies.onCompleted();
    }
  }

  /** The authority of a call, and how safe its connection is where gRPC can say so. */
  private static final class CallFacts implements ServerInterceptor {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      String facts = call.getAuthority() + " " + securityLevel(call);
      return Contexts.interceptCall(Context.current().withValue(FACTS, facts), call, headers, next);
    }

    /** By reflection: came with gRPC 1.47. */
    private static String securityLevel(ServerCall<?, ?> call) {
      try {
        return String.valueOf(ServerCall.class.getMethod("getSecurityLevel").invoke(call));
      } catch (ReflectiveOperationException e) {
        return "unknown";
      }
    }
  }
}
