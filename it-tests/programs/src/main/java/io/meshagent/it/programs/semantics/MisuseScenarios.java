package io.meshagent.it.programs.semantics;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor;

/** Calls as they should not be made, and programs that throw wherever a program can. */
final class MisuseScenarios {

  private static final CallOptions PLAIN = CallOptions.DEFAULT;

  private final Scenarios scenarios;
  private final Channel channel;

  MisuseScenarios(Scenarios scenarios, Channel channel) {
    this.scenarios = scenarios;
    this.channel = channel;
  }

  void run() throws Exception {
    handlersThatThrow();
    listenersThatThrow();
    marshallersThatThrow();
    interceptorsThatThrow();
    wrongOrder();
    scenarios.both("close twice", t -> Scenarios.unary(channel, PLAIN, t, "close twice"));
  }

  private void handlersThatThrow() throws InterruptedException {
    for (String script :
        new String[] {
          "throw in start",
          "no listener",
          "throw in message",
          "throw in halfclose",
          "throw in ready",
          "throw in complete"
        }) {
      scenarios.both(script, t -> Scenarios.unary(channel, PLAIN, t, script));
    }
    scenarios.clientOnly(
        "error in message", t -> Scenarios.unary(channel, PLAIN, t, "error in message"));
    scenarios.both(
        "throw in cancel",
        t -> {
          ClientCall<String, String> call = channel.newCall(Methods.CHAT, PLAIN);
          call.start(new RecordingListener(t, "nothing"), Scenarios.headers(t, "throw in cancel"));
          call.request(1);
          call.sendMessage("hello");
          t.awaitClientLine("message");
          call.cancel("enough", null);
        });
  }

  private void listenersThatThrow() throws InterruptedException {
    for (String callback : new String[] {"headers", "message", "close", "ready"}) {
      // An answer might come before the callback, or not.
      String script = callback.equals("ready") ? "wait" : "no more";
      scenarios.clientOnly(
          "client throws in " + callback,
          t -> Scenarios.send(channel, Methods.CHAT, PLAIN, t, script, callback));
    }
  }

  private void marshallersThatThrow() throws InterruptedException {
    scenarios.clientOnly(
        "request can't be written",
        t -> {
          ClientCall<String, String> call = channel.newCall(Methods.UNARY, PLAIN);
          call.start(new RecordingListener(t, "nothing"), Scenarios.headers(t, "never answer"));
          call.request(2);
          call.sendMessage("unwritable request");
        });
    scenarios.clientOnly(
        "request can't be read",
        t -> {
          ClientCall<String, String> call = channel.newCall(Methods.UNARY, PLAIN);
          call.start(new RecordingListener(t, "nothing"), Scenarios.headers(t, "echo"));
          call.request(2);
          call.sendMessage("unreadable request");
          call.halfClose();
        });
    for (String script : new String[] {"unwritable", "unreadable"}) {
      scenarios.clientOnly("answer is " + script, t -> Scenarios.unary(channel, PLAIN, t, script));
    }
  }

  private void interceptorsThatThrow() {
    ClientInterceptor throwing =
        new ClientInterceptor() {
          @Override
          public <A, B> ClientCall<A, B> interceptCall(
              MethodDescriptor<A, B> method, CallOptions options, Channel next) {
            throw new IllegalStateException("thrown by an interceptor");
          }
        };
    scenarios.alone(
        "interceptor throws",
        t -> ClientInterceptors.intercept(channel, throwing).newCall(Methods.UNARY, PLAIN));
  }

  private void wrongOrder() throws InterruptedException {
    scenarios.alone("message before start", t -> fresh().sendMessage("hello"));
    scenarios.alone("half-close before start", t -> fresh().halfClose());
    scenarios.alone("request before start", t -> fresh().request(1));
    scenarios.alone("ready before start", t -> t.client("ready " + fresh().isReady()));
    scenarios.alone("no listener to start", t -> fresh().start(null, Scenarios.headers(t, "echo")));
    scenarios.alone(
        "no headers to start", t -> fresh().start(new RecordingListener(t, "nothing"), null));
    scenarios.both(
        "everything twice",
        t -> {
          ClientCall<String, String> call = Scenarios.unary(channel, PLAIN, t, "echo");
          t.awaitClient();
          attempt(
              t,
              () -> call.start(new RecordingListener(t, "nothing"), Scenarios.headers(t, "echo")));
          attempt(t, call::halfClose);
          attempt(t, () -> call.sendMessage("again"));
          attempt(t, () -> call.request(-1));
          attempt(t, () -> call.request(1));
        });
    scenarios.both(
        "started twice, then used",
        t -> {
          ClientCall<String, String> call = channel.newCall(Methods.UNARY, PLAIN);
          call.start(new RecordingListener(t, "nothing"), Scenarios.headers(t, "echo"));
          String second =
              outcome(
                  () ->
                      call.start(
                          new RecordingListener(t, "nothing"), Scenarios.headers(t, "echo")));
          call.request(2);
          call.sendMessage("hello");
          call.halfClose();
          // Told at the end: gRPC may send the first start's headers at once or with the message,
          // so the server's may have come before the second start or not.
          t.awaitClient();
          t.client(second);
        });
  }

  private ClientCall<String, String> fresh() {
    return channel.newCall(Methods.UNARY, PLAIN);
  }

  private static void attempt(Transcript transcript, Runnable misuse) {
    transcript.client(outcome(misuse));
  }

  @SuppressWarnings("CatchingUnchecked") // Whatever comes is to be seen.
  private static String outcome(Runnable misuse) {
    try {
      misuse.run();
      return "let pass";
    } catch (RuntimeException e) {
      return Transcript.of(e);
    }
  }
}
