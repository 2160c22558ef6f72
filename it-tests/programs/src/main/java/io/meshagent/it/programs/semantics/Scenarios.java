package io.meshagent.it.programs.semantics;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.Map;

/** What the scenarios share: a transcript each, and calls with its name on them. */
final class Scenarios {

  private final Map<String, Transcript> transcripts;

  Scenarios(Map<String, Transcript> transcripts) {
    this.transcripts = transcripts;
  }

  /** What one scenario does; whatever it throws is part of what was seen. */
  interface Scenario {
    void run(Transcript transcript) throws Exception;
  }

  /** A scenario whose calls reach the server and end on both sides. */
  void both(String name, Scenario scenario) throws InterruptedException {
    Transcript transcript = begin(name, scenario);
    transcript.awaitClient();
    transcript.awaitServer();
    transcript.print(true);
  }

  /** A scenario that no server sees, or that one may or may not have seen when it ends. */
  void clientOnly(String name, Scenario scenario) throws InterruptedException {
    Transcript transcript = begin(name, scenario);
    transcript.awaitClient();
    transcript.print(false);
  }

  /** A scenario that ends when its code does. */
  void alone(String name, Scenario scenario) {
    begin(name, scenario).print(false);
  }

  @SuppressWarnings("CatchingUnchecked") // Whatever comes is to be seen.
  private Transcript begin(String name, Scenario scenario) {
    Transcript transcript = new Transcript(name);
    transcripts.put(name, transcript);
    try {
      scenario.run(transcript);
    } catch (Exception | AssertionError e) {
      transcript.client("threw " + Transcript.of(e));
      transcript.clientEnded();
    }
    return transcript;
  }

  static Metadata headers(Transcript transcript, String script) {
    Metadata headers = new Metadata();
    headers.put(Methods.CASE, transcript.name());
    headers.put(Methods.SCRIPT, script);
    return headers;
  }

  /** A unary call from start to half-close. */
  static ClientCall<String, String> unary(
      Channel channel, CallOptions options, Transcript transcript, String script) {
    return send(channel, Methods.UNARY, options, transcript, script, "");
  }

  static ClientCall<String, String> send(
      Channel channel,
      MethodDescriptor<String, String> method,
      CallOptions options,
      Transcript transcript,
      String script,
      String throwIn) {
    ClientCall<String, String> call = channel.newCall(method, options);
    call.start(
        new RecordingListener(transcript, throwIn.isEmpty() ? "nothing" : throwIn),
        headers(transcript, script));
    call.request(2);
    call.sendMessage("hello");
    call.halfClose();
    return call;
  }
}
