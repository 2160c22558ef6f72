package io.meshagent.grpc.client;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.call.Answer;
import io.meshagent.core.call.Outcome;
import io.meshagent.grpc.base.Statuses;
import java.util.concurrent.Executor;

/**
 * Tells the program an outcome that no server has made: a status, or all of a response. Does so
 * where gRPC would, one event after the other, and hands a message on only when one was requested.
 * Thread-safe; its lock is not held when the program is told.
 */
final class OwnResponse<B> {

  private final ClientCall.Listener<B> listener;
  private final Executor executor;
  private final OutgoingCall call;
  private final Answer answer;
  private final Metadata trailers;

  /** Guarded by this. */
  private Status status;

  /** Guarded by this. Whether the program has asked for a message. */
  private boolean requested;

  /** Guarded by this. Whether the headers were told. */
  private boolean opened;

  /** Guarded by this. Whether it was decided how it ends. */
  private boolean closing;

  /** Guarded by this. Whether the message is not to be handed on. */
  private boolean cancelled;

  /**
   * @param executor where the program expects its listener to be called
   */
  OwnResponse(
      ClientCall.Listener<B> listener, Executor executor, OutgoingCall call, Outcome outcome) {
    this.listener = listener;
    this.executor = executor;
    this.call = call;
    this.answer = outcome.answer();
    this.status = Statuses.status(outcome);
    this.trailers = trailers(outcome);
  }

  private static Metadata trailers(Outcome outcome) {
    Metadata trailers = Statuses.trailers(outcome);
    Answer answer = outcome.answer();
    if (answer != null && answer.response() != null) {
      MessageBytes.add(trailers, answer.response().trailers());
    }
    return trailers;
  }

  private static Metadata headers(Answer answer) {
    Metadata headers = new Metadata();
    if (answer.response() != null) {
      MessageBytes.add(headers, answer.response().headers());
    }
    headers.merge(Statuses.headers(answer));
    return headers;
  }

  /** Begins, on the executor. */
  void tell() {
    if (answer == null || !open()) {
      close();
    } else if (mayClose()) {
      message();
    }
  }

  /** Returns false if the response was cancelled, or if the program could not take its headers. */
  private boolean open() {
    synchronized (this) {
      if (closing) {
        return false;
      }
    }
    try {
      listener.onHeaders(headers(answer));
      return true;
    } catch (RuntimeException | Error e) {
      threw(e);
      return false;
    }
  }

  private synchronized boolean mayClose() {
    opened = true;
    closing |= requested || !answer.hasMessage();
    return closing;
  }

  private void message() {
    if (answer.hasMessage() && !isCancelled()) {
      try {
        @SuppressWarnings("unchecked") // The stage knows the method that it was made for.
        B message = (B) call.messageOf(answer);
        listener.onMessage(message);
      } catch (RuntimeException | Error e) {
        threw(e);
      }
    }
    close();
  }

  /** As gRPC does it: who can't take a part of a response has cancelled the call. */
  private synchronized void threw(Throwable cause) {
    closing = true;
    cancelled = true;
    status =
        Status.CANCELLED.withCause(cause).withDescription("the response could not be handed on");
  }

  private synchronized boolean isCancelled() {
    return cancelled;
  }

  private void close() {
    Status last;
    synchronized (this) {
      last = status;
    }
    listener.onClose(last, trailers);
  }

  /** The program has asked for a message, now or before. */
  void requested() {
    synchronized (this) {
      requested = true;
      if (!opened || closing) {
        return;
      }
      closing = true;
    }
    executor.execute(this::message);
  }

  /** The program cancels: no message is handed on any more. */
  void cancel(String message, Throwable cause) {
    synchronized (this) {
      if (answer == null || closing) {
        return;
      }
      closing = true;
      cancelled = true;
      status = Status.CANCELLED.withDescription(message).withCause(cause);
      if (!opened) {
        return;
      }
    }
    executor.execute(this::close);
  }
}
