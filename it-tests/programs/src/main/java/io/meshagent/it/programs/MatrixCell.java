package io.meshagent.it.programs;

import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One cell of the matrix of JVMs, gRPC versions and transports: a server and a channel with a dead
 * target in one JVM, which meet only if the agent works. {@code MatrixCell <transport>}, where the
 * transport is {@code netty}, {@code netty-shaded} or {@code okhttp}. Says {@code port <n>}; on
 * stdin {@code unary}, {@code streams}, {@code breaker}, {@code limit} each make calls and say
 * {@code done <what was seen>}; {@code quit} ends in order.
 */
public final class MatrixCell {

  private static final String MATRIX = "matrix.Service";
  private static final String BROKEN = "matrix.Broken";
  private static final String LIMITED = "matrix.Limited";

  private static final Metadata.Key<String> TRACE =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

  private MatrixCell() {}

  public static void main(String[] args) throws Throwable {
    Server server =
        ServerBuilder.forPort(0)
            .addService(matrix())
            .addService(failing(BROKEN))
            .addService(Named.service(LIMITED, new FlakyGreeter("cell", 0)))
            .intercept(new TraceCheck())
            .build()
            .start();
    ManagedChannel channel = channel(args[0]);
    System.out.println("port " + server.getPort());
    Commands.follow(
        words -> {
          switch (words[0]) {
            case "unary":
              System.out.println("done " + call(channel, MATRIX));
              break;
            case "streams":
              System.out.println("done " + streams(channel));
              break;
            case "breaker":
              System.out.println("done " + repeated(channel, BROKEN, 30));
              break;
            case "limit":
              System.out.println("done " + repeated(channel, LIMITED, 5));
              break;
            default:
              throw new IllegalArgumentException(words[0]);
          }
        });
    channel.shutdown().awaitTermination(5, TimeUnit.SECONDS);
    server.shutdown().awaitTermination(10, TimeUnit.SECONDS);
    System.out.println("ended " + (channel.isTerminated() && server.isTerminated()));
  }

  private static ManagedChannel channel(String transport) throws Throwable {
    if (!transport.equals("okhttp")) {
      return ManagedChannelBuilder.forTarget("localhost:1").usePlaintext().build();
    }
    // Beside netty this transport is never the default. Not by getMethod: that would load the types
    // of all methods, and one is in an optional library.
    Class<?> type = Class.forName("io.grpc.okhttp.OkHttpChannelBuilder");
    Object builder =
        MethodHandles.publicLookup()
            .findStatic(type, "forTarget", MethodType.methodType(type, String.class))
            .invoke("localhost:1");
    return ((ManagedChannelBuilder<?>) builder).usePlaintext().build();
  }

  private static MethodDescriptor<HelloRequest, HelloReply> method(
      String name, MethodDescriptor.MethodType type) {
    return Named.sayHello(MATRIX).toBuilder()
        .setFullMethodName(MethodDescriptor.generateFullMethodName(MATRIX, name))
        .setType(type)
        .build();
  }

  private static final MethodDescriptor<HelloRequest, HelloReply> MANY =
      method("Many", MethodDescriptor.MethodType.SERVER_STREAMING);
  private static final MethodDescriptor<HelloRequest, HelloReply> SUM =
      method("Sum", MethodDescriptor.MethodType.CLIENT_STREAMING);

  private static HelloReply reply(String message) {
    return HelloReply.newBuilder().setMessage(message).setServedBy("cell").build();
  }

  private static ServerServiceDefinition matrix() {
    FlakyGreeter greeter = new FlakyGreeter("cell", 0);
    return ServerServiceDefinition.builder(MATRIX)
        .addMethod(Named.sayHello(MATRIX), ServerCalls.asyncUnaryCall(greeter::sayHello))
        .addMethod(Named.chat(MATRIX), ServerCalls.asyncBidiStreamingCall(greeter::chat))
        .addMethod(
            MANY,
            ServerCalls.asyncServerStreamingCall(
                (request, replies) -> {
                  for (int i = 0; i < 3; i++) {
                    replies.onNext(reply("" + i));
                  }
                  replies.onCompleted();
                }))
        .addMethod(SUM, ServerCalls.asyncClientStreamingCall(Counting::new))
        .build();
  }

  private static ServerServiceDefinition failing(String service) {
    return ServerServiceDefinition.builder(service)
        .addMethod(
            Named.sayHello(service),
            ServerCalls.asyncUnaryCall(
                (request, replies) ->
                    replies.onError(
                        Status.UNAVAILABLE.withDescription("broken").asRuntimeException())))
        .build();
  }

  private static String call(ManagedChannel channel, String service) {
    try {
      return ClientCalls.blockingUnaryCall(
              channel,
              Named.sayHello(service),
              CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
              HelloRequest.newBuilder().setName("matrix").build())
          .getServedBy();
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode() + ": " + e.getStatus().getDescription();
    }
  }

  /** The last of so many outcomes: by then the policy has spoken. */
  private static String repeated(ManagedChannel channel, String service, int calls) {
    String last = "";
    for (int i = 0; i < calls; i++) {
      last = call(channel, service);
    }
    return last;
  }

  private static String streams(ManagedChannel channel) throws Exception {
    HelloRequest request = HelloRequest.newBuilder().setName("matrix").build();
    int many = 0;
    Iterator<HelloReply> replies =
        ClientCalls.blockingServerStreamingCall(channel, MANY, CallOptions.DEFAULT, request);
    while (replies.hasNext()) {
      replies.next();
      many++;
    }
    Collecting sum = new Collecting();
    send(ClientCalls.asyncClientStreamingCall(channel.newCall(SUM, CallOptions.DEFAULT), sum));
    Collecting chat = new Collecting();
    send(
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(Named.chat(MATRIX), CallOptions.DEFAULT), chat));
    return "many=" + many + " sum=" + sum.get().get(0) + " chat=" + chat.get().size();
  }

  private static void send(StreamObserver<HelloRequest> requests) {
    for (int i = 0; i < 3; i++) {
      requests.onNext(HelloRequest.newBuilder().setName("matrix").build());
    }
    requests.onCompleted();
  }

  /** Counts what the client streams. */
  private static final class Counting implements StreamObserver<HelloRequest> {
    private final StreamObserver<HelloReply> replies;
    private int count;

    Counting(StreamObserver<HelloReply> replies) {
      this.replies = replies;
    }

    @Override
    public void onNext(HelloRequest request) {
      count++;
    }

    @Override
    public void onError(Throwable gone) {
      // The caller cancelled; there is nobody left to answer.
    }

    @Override
    public void onCompleted() {
      replies.onNext(reply("" + count));
      replies.onCompleted();
    }
  }

  /** All messages of a stream, once it has ended. */
  private static final class Collecting implements StreamObserver<HelloReply> {
    private final List<String> messages = new ArrayList<>();
    private final CompletableFuture<List<String>> all = new CompletableFuture<>();

    List<String> get() throws Exception {
      return all.get(20, TimeUnit.SECONDS);
    }

    @Override
    public void onNext(HelloReply reply) {
      messages.add(reply.getMessage());
    }

    @Override
    public void onError(Throwable failure) {
      all.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      all.complete(messages);
    }
  }

  /** Every call has to bring one trace header, not none and not two. */
  private static final class TraceCheck implements ServerInterceptor {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      int count = 0;
      if (headers.containsKey(TRACE)) {
        for (String unused : headers.getAll(TRACE)) {
          count++;
        }
      }
      if (count != 1) {
        call.close(
            Status.FAILED_PRECONDITION.withDescription(count + " trace headers"), new Metadata());
        return new ServerCall.Listener<A>() {};
      }
      return next.startCall(call, headers);
    }
  }
}
