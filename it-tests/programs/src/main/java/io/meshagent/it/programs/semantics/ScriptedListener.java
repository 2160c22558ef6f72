package io.meshagent.it.programs.semantics;

import io.grpc.ServerCall;
import io.grpc.Status;

/** The callbacks of one call on the server, by its script. Called by gRPC, one at a time. */
final class ScriptedListener extends ServerCall.Listener<String> {

  private final ServerCall<String, String> call;
  private final String script;
  private final Transcript transcript;

  /**
   * After a handler threw, was refused, or answered before it was asked, gRPC ends the call as
   * complete or as cancelled, with or without the callbacks that were on their way: two runs of one
   * program differ in that.
   */
  private boolean failed;

  ScriptedListener(ServerCall<String, String> call, String script, Transcript transcript) {
    this.call = call;
    this.script = script;
    this.transcript = transcript;
    this.failed = script.equals("close twice") || script.equals("trailers only at once");
  }

  private void say(String event) {
    if (failed && !event.equals("end")) {
      return;
    }
    transcript.server(seen(event));
    throwIfTold(event);
  }

  private static String seen(String event) {
    return event + " in " + ScriptedHandler.VALUE.get() + " " + Transcript.thread();
  }

  private void throwIfTold(String event) {
    if (script.equals("throw in " + event.split(" ", 2)[0])) {
      failed = true;
      throw new IllegalStateException("thrown in " + event);
    }
    if (script.equals("error in " + event.split(" ", 2)[0])) {
      failed = true;
      throw new AssertionError("thrown in " + event);
    }
  }

  @Override
  public void onMessage(String message) {
    if (failed) {
      return;
    }
    say("message " + (message.length() > 20 ? "long" : message));
    switch (script) {
      case "unwritable":
        call.sendMessage("unwritable answer");
        break;
      case "status":
      case "trailers only":
      case "never answer":
        break;
      case "throw status":
        failed = true;
        throw Status.DATA_LOSS.withDescription("thrown").asRuntimeException();
      case "ten":
        for (int i = 0; i < 10; i++) {
          call.sendMessage("answer " + i);
        }
        break;
      default:
        call.sendMessage(script.equals("unreadable") ? "unreadable" : "echo " + message);
    }
    if (!script.equals("no more")) {
      call.request(1);
    }
  }

  @Override
  public void onHalfClose() {
    if (failed) {
      return;
    }
    say("halfclose");
    if (!script.equals("never answer")) {
      try {
        call.close(answer(), ScriptedHandler.ordered("trailer"));
      } catch (IllegalStateException e) {
        transcript.server(Transcript.of(e));
      }
    }
  }

  private Status answer() {
    switch (script) {
      case "status":
        return Status.ABORTED.withDescription("why").withCause(new IllegalStateException("kept"));
      case "trailers only":
        return Status.NOT_FOUND.withDescription("trailers only");
      default:
        return Status.OK;
    }
  }

  @Override
  public void onReady() {
    transcript.serverReady(seen("ready"));
    throwIfTold("ready");
  }

  @Override
  public void onComplete() {
    try {
      say(failed ? "end" : "complete");
    } finally {
      transcript.serverEnded();
    }
  }

  @Override
  public void onCancel() {
    try {
      say(failed ? "end" : "cancel");
    } finally {
      transcript.serverEnded();
    }
  }
}
