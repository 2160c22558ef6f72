package io.meshagent.it.programs.stages;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a program got: its messages and its status. */
final class Response implements StreamObserver<String> {

  private final List<String> messages = new CopyOnWriteArrayList<>();

  /** Volatile: written by gRPC's threads. Null until the end. */
  private volatile String status;

  @Override
  public void onNext(String message) {
    messages.add(message);
  }

  @Override
  public void onError(Throwable cause) {
    end(Status.fromThrowable(cause));
  }

  @Override
  public void onCompleted() {
    end(Status.OK);
  }

  private void end(Status last) {
    String description = last.getDescription() == null ? "" : ": " + last.getDescription();
    status = (status == null ? "" : status + " and then ") + last.getCode() + description;
  }

  boolean isOver() {
    return status != null;
  }

  String end() {
    Waiting.until("the call ends", this::isOver);
    return String.join(",", messages) + " " + status;
  }
}
