package io.meshagent.it.programs.semantics;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Calls as they should be made: headers, contexts, deadlines, cancellation, flow, compression. */
final class CallScenarios {

  private static final CallOptions PLAIN = CallOptions.DEFAULT;

  private final Scenarios scenarios;
  private final Channel channel;

  CallScenarios(Scenarios scenarios, Channel channel) {
    this.scenarios = scenarios;
    this.channel = channel;
  }

  void run() throws Exception {
    headersAndStatus();
    executors();
    contexts();
    deadlines();
    cancellation();
    flow();
    compressionAndSizes();
  }

  private void headersAndStatus() throws InterruptedException {
    scenarios.both(
        "order of headers",
        t -> {
          Metadata headers = Scenarios.headers(t, "echo");
          headers.merge(ScriptedHandler.ordered("request"));
          ClientCall<String, String> call = channel.newCall(Methods.UNARY, PLAIN);
          call.start(new RecordingListener(t, "nothing"), headers);
          call.request(2);
          call.sendMessage("hello");
          call.halfClose();
        });
    for (String script :
        new String[] {
          "trailers only", "trailers only at once", "status", "describe", "throw status"
        }) {
      scenarios.both(script, t -> Scenarios.unary(channel, PLAIN, t, script));
    }
    scenarios.both(
        "what a call says of itself",
        t -> {
          ClientCall<String, String> call = channel.newCall(Methods.UNARY, PLAIN);
          t.client("attributes " + ServerView.keys(call.getAttributes()));
          call.start(new RecordingListener(t, "nothing"), Scenarios.headers(t, "echo"));
          call.request(2);
          call.sendMessage("hello");
          call.halfClose();
          t.awaitClient();
          t.client("attributes " + ServerView.keys(call.getAttributes()));
          t.client("call " + call.toString().replaceAll("@[0-9a-f]+", ""));
        });
  }

  private void executors() throws InterruptedException {
    ExecutorService own =
        Executors.newSingleThreadExecutor(task -> new Thread(task, "of the call"));
    scenarios.both(
        "executor of the call", t -> Scenarios.unary(channel, PLAIN.withExecutor(own), t, "echo"));
    Executor direct = Runnable::run;
    scenarios.both(
        "direct executor", t -> Scenarios.unary(channel, PLAIN.withExecutor(direct), t, "echo"));
    own.shutdown();
  }

  private void contexts() throws InterruptedException {
    Context mine = Context.current().withValue(ScriptedHandler.VALUE, "the client's");
    scenarios.both(
        "context of callbacks", t -> mine.call(() -> Scenarios.unary(channel, PLAIN, t, "echo")));
    scenarios.both(
        "context is cancelled",
        t -> {
          Context.CancellableContext context = mine.withCancellation();
          context.call(() -> Scenarios.unary(channel, PLAIN, t, "never answer"));
          awaitMessage(t);
          context.cancel(new IllegalArgumentException("changed my mind"));
        });
    scenarios.clientOnly(
        "context was cancelled before",
        t -> {
          Context.CancellableContext context = mine.withCancellation();
          context.cancel(new IllegalArgumentException("changed my mind"));
          context.call(() -> Scenarios.unary(channel, PLAIN, t, "echo"));
        });
  }

  private void deadlines() throws InterruptedException {
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    Context ofContext = Context.current().withDeadlineAfter(10, TimeUnit.MINUTES, timer);
    CallOptions shorter = PLAIN.withDeadlineAfter(5, TimeUnit.MINUTES);
    CallOptions longer = PLAIN.withDeadlineAfter(20, TimeUnit.MINUTES);
    scenarios.both("deadline of the call", t -> Scenarios.unary(channel, shorter, t, "echo"));
    scenarios.both(
        "deadline of the context",
        t -> ofContext.call(() -> Scenarios.unary(channel, PLAIN, t, "echo")));
    scenarios.both(
        "deadlines of both, the call's first",
        t -> ofContext.call(() -> Scenarios.unary(channel, shorter, t, "echo")));
    scenarios.both(
        "deadlines of both, the context's first",
        t -> ofContext.call(() -> Scenarios.unary(channel, longer, t, "echo")));
    scenarios.clientOnly(
        "deadline is over before",
        t -> Scenarios.unary(channel, PLAIN.withDeadlineAfter(-1, TimeUnit.SECONDS), t, "echo"));
    scenarios.both(
        "deadline ends",
        t ->
            Scenarios.unary(
                channel, PLAIN.withDeadlineAfter(1500, TimeUnit.MILLISECONDS), t, "never answer"));
    timer.shutdownNow();
  }

  private void cancellation() throws InterruptedException {
    scenarios.both(
        "cancel with message and cause",
        t -> {
          ClientCall<String, String> call = Scenarios.unary(channel, PLAIN, t, "never answer");
          awaitMessage(t);
          call.cancel("enough", new IllegalArgumentException("the cause"));
          call.cancel("again", null);
        });
    scenarios.both(
        "cancel after close",
        t -> {
          ClientCall<String, String> call = Scenarios.unary(channel, PLAIN, t, "echo");
          t.awaitClient();
          call.cancel("too late", null);
        });
    scenarios.alone(
        "cancel before start",
        t -> {
          ClientCall<String, String> call = channel.newCall(Methods.UNARY, PLAIN);
          call.cancel("too early", null);
          call.start(new RecordingListener(t, "nothing"), Scenarios.headers(t, "echo"));
        });
  }

  /** Until both sides have begun, so that they see the end in the same state. */
  private static void awaitMessage(Transcript transcript) throws InterruptedException {
    transcript.awaitServerLine("halfclose");
    transcript.awaitClientLine("headers");
  }

  private void flow() throws InterruptedException {
    scenarios.both(
        "messages come as they are asked for",
        t -> {
          ClientCall<String, String> call = channel.newCall(Methods.CHAT, PLAIN);
          call.start(new RecordingListener(t, "nothing"), Scenarios.headers(t, "ten"));
          call.sendMessage("go");
          call.request(1);
          t.awaitClientLine("message answer 0");
          t.client("asks for three");
          call.request(3);
          t.awaitClientLine("message answer 3");
          t.client("asks for the rest");
          call.request(6);
          t.awaitClientLine("message answer 9");
          call.halfClose();
        });
    scenarios.both(
        "not ready while nobody reads",
        t -> {
          ClientCall<String, String> call = channel.newCall(Methods.CHAT, PLAIN);
          call.start(new RecordingListener(t, "nothing"), Scenarios.headers(t, "wait"));
          t.awaitClientReady();
          t.client("ready " + call.isReady());
          call.sendMessage(new String(new char[3_000_000]));
          t.client("ready " + call.isReady());
          t.awaitServerReady();
          call.cancel("seen", null);
        });
    scenarios.both(
        "half-close without a message",
        t -> {
          ClientCall<String, String> call = channel.newCall(Methods.CHAT, PLAIN);
          call.start(new RecordingListener(t, "nothing"), Scenarios.headers(t, "echo"));
          call.request(1);
          call.halfClose();
        });
  }

  private void compressionAndSizes() throws InterruptedException {
    CallOptions gzip = PLAIN.withCompression("gzip");
    scenarios.both("gzip asked for by the client", t -> Scenarios.unary(channel, gzip, t, "echo"));
    scenarios.both("gzip by the server", t -> Scenarios.unary(channel, PLAIN, t, "gzip"));
    scenarios.both(
        "gzip off for a message",
        t -> {
          ClientCall<String, String> call = channel.newCall(Methods.UNARY, gzip);
          call.start(new RecordingListener(t, "nothing"), Scenarios.headers(t, "echo"));
          call.setMessageCompression(false);
          call.request(2);
          call.sendMessage("hello");
          call.halfClose();
        });
    scenarios.clientOnly(
        "answer too large",
        t -> Scenarios.unary(channel, PLAIN.withMaxInboundMessageSize(4), t, "echo"));
    scenarios.clientOnly(
        "request too large to send",
        t -> Scenarios.unary(channel, PLAIN.withMaxOutboundMessageSize(4), t, "wait"));
    scenarios.clientOnly(
        "headers too large",
        t -> {
          Metadata headers = Scenarios.headers(t, "echo");
          headers.put(Methods.key("large"), new String(new char[20_000]).replace('\0', 'x'));
          ClientCall<String, String> call = channel.newCall(Methods.UNARY, PLAIN);
          call.start(new RecordingListener(t, "nothing"), headers);
          call.request(2);
          call.halfClose();
        });
  }
}
