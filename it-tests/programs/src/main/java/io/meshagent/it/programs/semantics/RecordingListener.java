package io.meshagent.it.programs.semantics;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;

/** The client's callbacks of one call; throws in the one that it is told to. Called by gRPC. */
final class RecordingListener extends ClientCall.Listener<String> {

  private final Transcript transcript;
  private final String throwIn;

  RecordingListener(Transcript transcript, String throwIn) {
    this.transcript = transcript;
    this.throwIn = throwIn;
  }

  private void say(String event) {
    transcript.client(seen(event));
    throwIfTold(event);
  }

  private static String seen(String event) {
    return event + " in " + ScriptedHandler.VALUE.get() + " " + Transcript.thread();
  }

  private void throwIfTold(String event) {
    if (event.startsWith(throwIn)) {
      throw new IllegalStateException("thrown in " + throwIn);
    }
  }

  @Override
  public void onHeaders(Metadata headers) {
    say("headers " + Transcript.of(headers));
  }

  @Override
  public void onMessage(String message) {
    say("message " + (message.length() > 20 ? "long" : message));
  }

  @Override
  public void onReady() {
    transcript.clientReady(seen("ready"));
    throwIfTold("ready");
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    try {
      say("close " + Transcript.of(status) + " " + Transcript.of(trailers));
    } finally {
      transcript.clientEnded();
    }
  }
}
