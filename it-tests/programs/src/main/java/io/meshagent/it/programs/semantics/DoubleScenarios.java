package io.meshagent.it.programs.semantics;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Nulls where gRPC's own code never gives any, and calls that an interceptor of the program's
 * answers by itself, as test doubles and caches do.
 */
final class DoubleScenarios {

  private static final CallOptions PLAIN = CallOptions.DEFAULT;

  private final Scenarios scenarios;
  private final Channel channel;
  private final Supplier<ManagedChannelBuilder<?>> builders;

  DoubleScenarios(
      Scenarios scenarios, Channel channel, Supplier<ManagedChannelBuilder<?>> builders) {
    this.scenarios = scenarios;
    this.channel = channel;
    this.builders = builders;
  }

  void run() throws InterruptedException {
    nullsToTheChannel();
    nullsToTheServersCall();
    answered("an interceptor's answer", l -> l.onClose(Status.OK, new Metadata()));
    answered("answer without trailers", l -> l.onClose(Status.OK, null));
    answered("failure without trailers", l -> l.onClose(Status.UNAVAILABLE, null));
    answered("answer without status", l -> l.onClose(null, new Metadata()));
    answered(
        "headers and message are null",
        l -> {
          l.onHeaders(null);
          l.onMessage(null);
          l.onClose(Status.OK, new Metadata());
        });
    alone(
        "an interceptor throws an error",
        (method, options, next) -> {
          throw new StackOverflowError("thrown by an interceptor");
        });
    alone("an interceptor gives no call", (method, options, next) -> null);
  }

  private void nullsToTheChannel() throws InterruptedException {
    scenarios.alone("no method", t -> kind(t, () -> channel.newCall(null, PLAIN)));
    scenarios.alone("no options", t -> kind(t, () -> channel.newCall(Methods.UNARY, null)));
    scenarios.both(
        "cancel without a word",
        t -> {
          ClientCall<String, String> call = Scenarios.unary(channel, PLAIN, t, "never answer");
          t.awaitServerLine("halfclose");
          t.awaitClientLine("headers");
          call.cancel(null, null);
        });
    scenarios.clientOnly(
        "no message",
        t -> {
          ClientCall<String, String> call = channel.newCall(Methods.UNARY, PLAIN);
          call.start(new RecordingListener(t, "nothing"), Scenarios.headers(t, "never answer"));
          call.request(2);
          call.sendMessage(null);
        });
  }

  private void nullsToTheServersCall() throws InterruptedException {
    for (String script :
        new String[] {"close without status", "close without trailers", "send no headers"}) {
      scenarios.clientOnly(
          script,
          t -> Scenarios.unary(channel, PLAIN.withDeadlineAfter(20, TimeUnit.SECONDS), t, script));
    }
  }

  /** Only the kind of what is thrown: the text names the place in gRPC's code on new Javas. */
  private static void kind(Transcript transcript, Runnable misuse) {
    try {
      misuse.run();
      transcript.client("let pass");
    } catch (RuntimeException e) {
      transcript.client(e.getClass().getName());
    }
  }

  /** A call that never comes to gRPC. */
  private void answered(String name, Consumer<ClientCall.Listener<?>> answer)
      throws InterruptedException {
    ManagedChannel own = channelWith((method, options, next) -> new Answered<>(answer));
    scenarios.clientOnly(
        name,
        t -> {
          ClientCall<String, String> call = own.newCall(Methods.UNARY, PLAIN);
          call.start(new Tolerant(t), Scenarios.headers(t, "echo"));
          call.request(2);
          call.sendMessage("hello");
          call.halfClose();
          t.client("ready " + call.isReady() + " attributes " + call.getAttributes());
          call.cancel("too late", null);
        });
    own.shutdownNow();
  }

  private void alone(String name, Calls calls) {
    ManagedChannel own = channelWith(calls);
    scenarios.alone(
        name,
        t ->
            kind(
                t,
                () -> {
                  try {
                    own.newCall(Methods.UNARY, PLAIN)
                        .start(new Tolerant(t), Scenarios.headers(t, "echo"));
                  } catch (StackOverflowError e) {
                    t.client("error " + e.getMessage());
                  }
                }));
    own.shutdownNow();
  }

  private ManagedChannel channelWith(Calls calls) {
    ClientInterceptor interceptor =
        new ClientInterceptor() {
          @Override
          @SuppressWarnings("unchecked") // Only methods of texts are called.
          public <A, B> ClientCall<A, B> interceptCall(
              MethodDescriptor<A, B> method, CallOptions options, Channel next) {
            return (ClientCall<A, B>) calls.make(method, options, next);
          }
        };
    return builders.get().intercept(interceptor).build();
  }

  /** What an interceptor gives back. */
  private interface Calls {
    ClientCall<?, ?> make(MethodDescriptor<?, ?> method, CallOptions options, Channel next);
  }

  /** A call of a test double's: it knows of no connection. */
  private static final class Answered<A, B> extends ClientCall<A, B> {
    private final Consumer<ClientCall.Listener<?>> answer;
    private Listener<B> listener;

    Answered(Consumer<ClientCall.Listener<?>> answer) {
      this.answer = answer;
    }

    @Override
    public void start(Listener<B> newListener, Metadata headers) {
      listener = newListener;
    }

    @Override
    public void request(int messages) {}

    @Override
    public void cancel(String message, Throwable cause) {}

    @Override
    public void halfClose() {
      answer.accept(listener);
    }

    @Override
    public void sendMessage(A message) {}

    @Override
    public Attributes getAttributes() {
      return null;
    }
  }

  /** Says what it is given, null or not. */
  private static final class Tolerant extends ClientCall.Listener<String> {
    private final Transcript transcript;

    Tolerant(Transcript transcript) {
      this.transcript = transcript;
    }

    @Override
    public void onHeaders(Metadata headers) {
      transcript.client("headers " + headers);
    }

    @Override
    public void onMessage(String message) {
      transcript.client("message " + message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      transcript.client("close " + (status == null ? null : status.getCode()) + " " + trailers);
      transcript.clientEnded();
    }
  }
}
