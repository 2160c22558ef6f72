package io.meshagent.it.programs.semantics;

import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The channel itself: its states and its end, and what options and credentials do. */
final class ChannelScenarios {

  private static final CallOptions PLAIN = CallOptions.DEFAULT;

  private static final CallOptions.Key<String> OWN = CallOptions.Key.create("own");

  private final Scenarios scenarios;
  private final Supplier<ManagedChannelBuilder<?>> builders;

  ChannelScenarios(Scenarios scenarios, Supplier<ManagedChannelBuilder<?>> builders) {
    this.scenarios = scenarios;
    this.builders = builders;
  }

  void run() throws InterruptedException {
    ManagedChannel channel = builders.get().build();
    scenarios.both("own option", t -> ownOption(channel, t));
    scenarios.both(
        "credentials",
        t -> Scenarios.unary(channel, PLAIN.withCallCredentials(new Applied(t, true)), t, "echo"));
    scenarios.clientOnly(
        "credentials that fail",
        t -> Scenarios.unary(channel, PLAIN.withCallCredentials(new Applied(t, false)), t, "echo"));
    scenarios.clientOnly(
        "nobody there", t -> Scenarios.send(channel, Methods.UNKNOWN, PLAIN, t, "echo", ""));
    // Another executor would be told of a state when the next one may have come.
    scenarios.both("states", t -> states(builders.get().directExecutor().build(), t));
    scenarios.both("shutdown", t -> shutdown(builders.get().build(), t));
    scenarios.both("shutdown now", t -> shutdownNow(channel, t));
  }

  private static void ownOption(Channel channel, Transcript transcript) {
    ClientInterceptor reading =
        new ClientInterceptor() {
          @Override
          public <A, B> ClientCall<A, B> interceptCall(
              MethodDescriptor<A, B> method, CallOptions options, Channel next) {
            transcript.client(
                "option " + options.getOption(OWN) + " of " + method.getFullMethodName());
            return next.newCall(method, options);
          }
        };
    Scenarios.unary(
        ClientInterceptors.intercept(channel, reading),
        PLAIN.withOption(OWN, "a value"),
        transcript,
        "echo");
  }

  private static void states(ManagedChannel channel, Transcript transcript)
      throws InterruptedException {
    transcript.client("state " + channel.getState(false));
    CountDownLatch ready = new CountDownLatch(1);
    List<ConnectivityState> states = Collections.synchronizedList(new ArrayList<>());
    follow(channel, ConnectivityState.IDLE, states, ready);
    // Without an executor of its own a first call hears on one of two threads, as it happens.
    ExecutorService own =
        Executors.newSingleThreadExecutor(task -> new Thread(task, "of the call"));
    Scenarios.unary(channel, PLAIN.withExecutor(own), transcript, "echo");
    transcript.awaitClient();
    if (!ready.await(20, TimeUnit.SECONDS)) {
      transcript.client("never ready");
    }
    transcript.client("states up to ready " + states);
    channel.resetConnectBackoff();
    transcript.client("state " + channel.getState(false));
    // Whether it stays there depends on whether the call has left its connection yet.
    channel.enterIdle();
    channel.shutdownNow();
    transcript.client("terminated " + channel.awaitTermination(20, TimeUnit.SECONDS));
    transcript.client("state " + channel.getState(false));
    own.shutdown();
  }

  private static void follow(
      ManagedChannel channel,
      ConnectivityState seen,
      List<ConnectivityState> states,
      CountDownLatch ready) {
    channel.notifyWhenStateChanged(
        seen,
        () -> {
          ConnectivityState now = channel.getState(false);
          states.add(now);
          if (now == ConnectivityState.READY) {
            ready.countDown();
          }
          if (now != ConnectivityState.SHUTDOWN) {
            follow(channel, now, states, ready);
          }
        });
  }

  private static void shutdown(ManagedChannel channel, Transcript transcript)
      throws InterruptedException {
    ClientCall<String, String> call = channel.newCall(Methods.CHAT, PLAIN);
    call.start(new RecordingListener(transcript, "nothing"), Scenarios.headers(transcript, "echo"));
    call.request(2);
    call.sendMessage("hello");
    transcript.awaitClientLine("message");
    channel.shutdown();
    transcript.client("shutdown " + channel.isShutdown() + " terminated " + channel.isTerminated());
    call.sendMessage("still there");
    call.halfClose();
    transcript.awaitClient();
    transcript.client("terminated " + channel.awaitTermination(20, TimeUnit.SECONDS));
    transcript.client("authority " + Transcript.numberless(channel.authority()));
  }

  private static void shutdownNow(ManagedChannel channel, Transcript transcript)
      throws InterruptedException {
    Scenarios.unary(channel, PLAIN, transcript, "never answer");
    transcript.awaitServerLine("halfclose");
    transcript.awaitClientLine("headers");
    channel.shutdownNow();
    transcript.awaitClient();
    transcript.client("terminated " + channel.awaitTermination(20, TimeUnit.SECONDS));
    Scenarios.unary(channel, PLAIN, transcript, "echo");
    transcript.awaitClientLine("close UNAVAILABLE 'Channel shutdown invoked'");
  }

  /** Tells what it was asked, and gives a token or a failure. */
  @SuppressWarnings("deprecation") // Abstract in the oldest versions.
  private static final class Applied extends CallCredentials {
    private final Transcript transcript;
    private final boolean good;

    Applied(Transcript transcript, boolean good) {
      this.transcript = transcript;
      this.good = good;
    }

    @Override
    public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
      transcript.client(
          "asked for "
              + Transcript.numberless(info.getAuthority())
              + " "
              + info.getMethodDescriptor().getFullMethodName()
              + " "
              + info.getSecurityLevel());
      if (good) {
        Metadata token = new Metadata();
        token.put(Methods.key("token"), "secret");
        applier.apply(token);
      } else {
        applier.fail(io.grpc.Status.UNAUTHENTICATED.withDescription("no token"));
      }
    }

    @Override
    public void thisUsesUnstableApi() {}
  }
}
