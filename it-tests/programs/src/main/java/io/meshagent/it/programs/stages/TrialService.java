package io.meshagent.it.programs.stages;

import static io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING;
import static io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING;
import static io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING;
import static io.grpc.MethodDescriptor.MethodType.UNARY;

import io.grpc.Context;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One method of each kind, and a look at how gRPC calls them: on which threads, in which context,
 * whether ever two at once for one call.
 */
final class TrialService implements ServerInterceptor {

  static final MethodDescriptor<String, String> HELLO = method(UNARY, "Hello");
  static final MethodDescriptor<String, String> MANY = method(SERVER_STREAMING, "Many");
  static final MethodDescriptor<String, String> SUM = method(CLIENT_STREAMING, "Sum");
  static final MethodDescriptor<String, String> CHAT = method(BIDI_STREAMING, "Chat");

  final AtomicInteger started = new AtomicInteger();
  final AtomicInteger strange = new AtomicInteger();

  ServerServiceDefinition definition() {
    return ServerServiceDefinition.builder("trial.Service")
        .addMethod(HELLO, ServerCalls.asyncUnaryCall(TrialService::hello))
        .addMethod(MANY, ServerCalls.asyncServerStreamingCall(TrialService::many))
        .addMethod(SUM, ServerCalls.asyncClientStreamingCall(TrialService::sum))
        .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(TrialService::chat))
        .build();
  }

  private static void hello(String name, StreamObserver<String> to) {
    if (name.equals("down")) {
      to.onError(Status.UNAVAILABLE.withDescription("down").asRuntimeException());
      return;
    }
    to.onNext("hello " + name);
    to.onCompleted();
  }

  /** Three, or one and then nothing more. */
  private static void many(String name, StreamObserver<String> to) {
    to.onNext("1");
    if (name.equals("down")) {
      to.onError(Status.UNAVAILABLE.withDescription("down").asRuntimeException());
      return;
    }
    to.onNext("2");
    to.onNext("3");
    to.onCompleted();
  }

  /** Says how many came in the order of their numbers. */
  private static StreamObserver<String> sum(StreamObserver<String> to) {
    return new Counting(to, false);
  }

  private static StreamObserver<String> chat(StreamObserver<String> to) {
    return new Counting(to, true);
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    started.incrementAndGet();
    Context context = Context.current();
    Watch watch = new Watch(context, Thread.currentThread().getName().replaceAll("[-0-9].*", ""));
    watch.enter();
    try {
      return new SimpleForwardingServerCallListener<A>(next.startCall(call, headers)) {
        @Override
        public void onMessage(A message) {
          watch.enter();
          super.onMessage(message);
          watch.leave();
        }

        @Override
        public void onHalfClose() {
          watch.enter();
          super.onHalfClose();
          watch.leave();
        }

        @Override
        public void onReady() {
          watch.enter();
          super.onReady();
          watch.leave();
        }
      };
    } finally {
      watch.leave();
    }
  }

  /** One call. */
  private final class Watch {
    private final AtomicBoolean busy = new AtomicBoolean();
    private final Context context;
    private final String threads;

    Watch(Context context, String threads) {
      this.context = context;
      this.threads = threads;
    }

    void enter() {
      if (!busy.compareAndSet(false, true)
          || Context.current() != context
          || !Thread.currentThread().getName().startsWith(threads)
          || threads.equals("agent")) {
        strange.incrementAndGet();
      }
    }

    void leave() {
      busy.set(false);
    }
  }

  private static final class Counting implements StreamObserver<String> {
    private final StreamObserver<String> to;
    private final boolean echoes;
    private int inOrder;

    Counting(StreamObserver<String> to, boolean echoes) {
      this.to = to;
      this.echoes = echoes;
    }

    @Override
    public void onNext(String number) {
      if (number.startsWith(inOrder + ":")) {
        inOrder++;
      }
      if (echoes) {
        to.onNext(String.valueOf(inOrder));
      }
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {
      if (!echoes) {
        to.onNext(inOrder + " in order");
      }
      to.onCompleted();
    }
  }

  private static MethodDescriptor<String, String> method(
      MethodDescriptor.MethodType type, String name) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(type)
        .setFullMethodName("trial.Service/" + name)
        .setRequestMarshaller(new Text())
        .setResponseMarshaller(new Text())
        .build();
  }

  private static final class Text implements MethodDescriptor.Marshaller<String> {

    @Override
    public InputStream stream(String text) {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream bytes) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] some = new byte[8192];
      try {
        for (int n = bytes.read(some); n >= 0; n = bytes.read(some)) {
          all.write(some, 0, n);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new String(all.toByteArray(), StandardCharsets.UTF_8);
    }
  }
}
