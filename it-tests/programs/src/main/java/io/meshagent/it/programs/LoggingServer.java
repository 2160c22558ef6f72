package io.meshagent.it.programs;

import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.meshagent.it.programs.logs.ProgramLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A server that logs what it does, and its own client. {@code LoggingServer <library> …}: {@code
 * slf4j}, {@code log4j2}, {@code jboss}; each line goes to all of them. Says {@code port <n>}; on
 * stdin {@code calls <n> <wish>}: so many calls, eight at a time, each in a trace of its own whose
 * span has the first half of its id, by whose end it says {@code done <wish>}. What is wished is in
 * {@link LoggingGreeter}; {@code untraced} calls come without a trace.
 *
 * <p>Lines are {@code in <trace> <what>} while a call is handled, and {@code after <what>} when the
 * thread has done with it. There every thread has {@code trace_id=before} before it handles a call.
 */
public final class LoggingServer {

  private static final int AT_A_TIME = 8;

  private LoggingServer() {}

  public static void main(String[] args) throws Exception {
    List<ProgramLog> logs = Arrays.stream(args).map(ProgramLog::of).collect(Collectors.toList());
    ExecutorService pool = Executors.newFixedThreadPool(4);
    Executor handlers = task -> pool.execute(() -> handle(task, logs));
    ManagedChannel[] back = new ManagedChannel[1];
    Server server =
        ServerBuilder.forPort(0)
            .executor(handlers)
            .addService(
                Named.service(Named.GREETER, new LoggingGreeter(logs, () -> back[0], handlers)))
            .intercept(new UserOfCall(logs))
            .build()
            .start();
    ManagedChannel channel =
        ManagedChannelBuilder.forTarget("localhost:" + server.getPort()).usePlaintext().build();
    back[0] = channel;
    System.out.println("port " + server.getPort());
    Commands.follow(
        words -> {
          calls(channel, Integer.parseInt(words[1]), words[2]);
          System.out.println("done " + words[2]);
        });
    channel.shutdown().awaitTermination(5, TimeUnit.SECONDS);
    server.shutdown().awaitTermination(5, TimeUnit.SECONDS);
    pool.shutdown();
  }

  private static void handle(Runnable task, List<ProgramLog> logs) {
    logs.forEach(log -> log.put("trace_id", "before"));
    try {
      task.run();
    } finally {
      logs.forEach(log -> log.log("after"));
      logs.forEach(ProgramLog::clear);
    }
  }

  private static void calls(Channel channel, int count, String wish) throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(AT_A_TIME);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(callers.submit(() -> call(channel, wish)));
    }
    for (Future<?> each : all) {
      each.get(30, TimeUnit.SECONDS);
    }
    callers.shutdown();
  }

  private static Void call(Channel channel, String wish) throws Exception {
    String trace = UUID.randomUUID().toString().replace("-", "");
    Metadata headers = new Metadata();
    if (!wish.equals("untraced")) {
      headers.put(OwnTraces.HEADER, "00-" + trace + "-" + trace.substring(0, 16) + "-01");
    }
    Channel traced =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    HelloRequest request = HelloRequest.newBuilder().setName(wish + " " + trace).build();
    if (wish.equals("stream") || wish.equals("cancel")) {
      stream(traced, request);
      return null;
    }
    try {
      HelloReply unused =
          ClientCalls.blockingUnaryCall(
              traced,
              Named.sayHello(Named.GREETER),
              CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
              request);
    } catch (StatusRuntimeException e) {
      if (!wish.equals("throw")) {
        throw e;
      }
    }
    return null;
  }

  /** Three messages, one after the other; one that is to be cancelled is so after the first. */
  private static void stream(Channel channel, HelloRequest request) throws InterruptedException {
    ClientCall<HelloRequest, HelloReply> call =
        channel.newCall(Named.chat(Named.GREETER), CallOptions.DEFAULT);
    CountDownLatch over = new CountDownLatch(1);
    StreamObserver<HelloRequest> requests =
        ClientCalls.asyncBidiStreamingCall(call, new Answers(call, request, over));
    requests.onNext(request);
    if (!request.getName().startsWith("cancel")) {
      requests.onNext(request);
      requests.onNext(request);
      requests.onCompleted();
    }
    if (!over.await(20, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the stream did not end");
    }
  }

  /** Cancels when the first has come, if that is wished. */
  private static final class Answers implements StreamObserver<HelloReply> {
    private final ClientCall<?, ?> call;
    private final HelloRequest request;
    private final CountDownLatch over;

    Answers(ClientCall<?, ?> call, HelloRequest request, CountDownLatch over) {
      this.call = call;
      this.request = request;
      this.over = over;
    }

    @Override
    public void onNext(HelloReply reply) {
      if (request.getName().startsWith("cancel")) {
        call.cancel("as wished", null);
      }
    }

    @Override
    public void onError(Throwable cause) {
      over.countDown();
    }

    @Override
    public void onCompleted() {
      over.countDown();
    }
  }
}
