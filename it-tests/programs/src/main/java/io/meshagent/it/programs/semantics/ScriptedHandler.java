package io.meshagent.it.programs.semantics;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The server side of every scenario: tells the scenario's transcript what it sees, and does what
 * the call's script header says. Called by gRPC's threads; the scenarios run one after another.
 */
final class ScriptedHandler implements ServerCallHandler<String, String> {

  static final Context.Key<String> VALUE = Context.key("value");

  static final String FAIL_BUT_THE_LAST = "fail but the last";

  private static final Metadata.Key<String> PREVIOUS_ATTEMPTS =
      Methods.key("grpc-previous-rpc-attempts");

  private final Map<String, Transcript> transcripts;

  /**
   * @param transcripts by the name of their scenario
   */
  ScriptedHandler(Map<String, Transcript> transcripts) {
    this.transcripts = transcripts;
  }

  @Override
  public ServerCall.Listener<String> startCall(ServerCall<String, String> call, Metadata headers) {
    Transcript transcript = transcripts.get(headers.get(Methods.CASE));
    String script = String.valueOf(headers.get(Methods.SCRIPT));
    List<String> seen = new ArrayList<>();
    seen.add("headers " + Transcript.of(headers) + " " + Transcript.thread());
    seen.add("context " + VALUE.get() + " deadline " + left());
    String attempt = headers.get(PREVIOUS_ATTEMPTS);
    if (script.equals(FAIL_BUT_THE_LAST)) {
      seen.add(
          "attempts before "
              + (attempt == null ? "none" : "abcd".charAt(Integer.parseInt(attempt))));
    }
    transcript.server(seen);
    switch (script) {
      case "throw in start":
        transcript.serverEnded();
        throw new IllegalStateException("thrown in start");
      case "no listener":
        transcript.serverEnded();
        return null;
      case "describe":
        new ServerView(call, transcript).describe();
        break;
      case "trailers only at once":
        call.close(Status.NOT_FOUND.withDescription("trailers only"), ordered("trailer"));
        break;
      case "close twice":
        call.close(Status.OK, new Metadata());
        try {
          call.close(Status.INTERNAL, new Metadata());
        } catch (IllegalStateException e) {
          transcript.server(Transcript.of(e));
        }
        break;
      case "close without status":
      case "close without trailers":
        misuse(
            transcript,
            () ->
                call.close(
                    script.endsWith("status") ? null : Status.NOT_FOUND,
                    script.endsWith("status") ? new Metadata() : null));
        misuse(transcript, () -> call.close(Status.ABORTED, new Metadata()));
        break;
      case "send no headers":
        misuse(transcript, () -> call.sendHeaders(null));
        misuse(transcript, () -> call.close(Status.ABORTED, new Metadata()));
        break;
      case "gzip":
        call.setCompression("gzip");
        call.sendHeaders(new Metadata());
        call.setMessageCompression(false);
        break;
      case FAIL_BUT_THE_LAST:
        if (!"3".equals(attempt)) {
          call.close(Status.UNAVAILABLE.withDescription("not yet"), new Metadata());
          return new ServerCall.Listener<String>() {};
        }
        call.sendHeaders(new Metadata());
        break;
      case "trailers only":
      case "wait":
        break;
      default:
        call.sendHeaders(ordered("header"));
    }
    if (!script.equals("wait")) {
      call.request(1);
    }
    return new ScriptedListener(call, script, transcript);
  }

  /** Only the kind of what is thrown: the text names the place in gRPC's code on new Javas. */
  private static void misuse(Transcript transcript, Runnable misuse) {
    try {
      misuse.run();
      transcript.server("let pass");
    } catch (RuntimeException e) {
      transcript.server(e.getClass().getName());
    }
  }

  /** Whole minutes, so that two runs see the same. */
  static String left() {
    Deadline deadline = Context.current().getDeadline();
    return deadline == null
        ? "none"
        : "within minutes " + (deadline.timeRemaining(TimeUnit.SECONDS) + 60) / 60;
  }

  /** Same-named keys with another between them, and binary ones. */
  static Metadata ordered(String prefix) {
    Metadata metadata = new Metadata();
    Metadata.Key<String> one = Methods.key(prefix + "-one");
    Metadata.Key<String> other = Methods.key(prefix + "-other");
    Metadata.Key<byte[]> binary = Metadata.Key.of(prefix + "-bin", Metadata.BINARY_BYTE_MARSHALLER);
    metadata.put(one, "a");
    metadata.put(binary, new byte[] {0, (byte) 255, 7});
    metadata.put(other, "b");
    metadata.put(one, "c");
    metadata.put(binary, new byte[0]);
    metadata.put(one, "a");
    return metadata;
  }
}
