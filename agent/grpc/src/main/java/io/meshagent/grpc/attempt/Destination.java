package io.meshagent.grpc.attempt;

import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Statistics;
import io.meshagent.core.api.Survived;
import io.meshagent.core.api.Unimplemented;
import io.meshagent.grpc.base.CallerHeader;
import io.meshagent.grpc.base.Statuses;

/** The instance that attempts go to, and who there is to hear of them. Immutable. */
public final class Destination {

  private final Instance instance;
  private final Statistics statistics;
  private final StreamCount streams;
  private final Unimplemented question;
  private final Mesh mesh;

  /** What the instance is told of who calls; null if it does not ask. */
  private final byte[] caller;

  private Destination(
      Instance instance,
      Statistics statistics,
      StreamCount streams,
      Unimplemented question,
      Mesh mesh,
      byte[] caller) {
    this.instance = instance;
    this.statistics = statistics;
    this.streams = streams;
    this.question = question;
    this.mesh = mesh;
    this.caller = caller;
  }

  /**
   * For any attempts.
   *
   * @param statistics null if nobody reads them
   * @param streams those of the connection; null if its peer takes any number of them
   */
  public static Destination of(
      Instance instance, Statistics statistics, StreamCount streams, Mesh mesh) {
    byte[] caller = instance.asksForCallers() ? CallerHeader.of(mesh.application()) : null;
    return new Destination(instance, statistics, streams, null, mesh, caller);
  }

  /** The same for one attempt that asks whether the instance knows a method. */
  public Destination asking(Unimplemented about) {
    return new Destination(instance, statistics, streams, about, mesh, caller);
  }

  /** Whether it is this instance, whatever facts each has. */
  boolean isAt(Instance other) {
    return instance.hostPort().equals(other.hostPort())
        && instance.address().equals(other.address());
  }

  /** An attempt is about to leave with these headers, which only the instance will see. */
  void addCaller(Metadata sending) {
    try {
      CallerHeader.add(sending, caller);
    } catch (Throwable e) {
      failed(e);
    }
  }

  /**
   * An attempt's stream is made.
   *
   * @return when that is; never 0 unless it failed, and then nothing else is told of the attempt
   */
  long begin() {
    try {
      long now = mesh.nanoTime();
      if (streams != null) {
        streams.begin();
      }
      if (statistics != null) {
        statistics.begin();
      }
      return now == 0 ? 1 : now;
    } catch (Throwable e) {
      failed(e);
      return 0;
    }
  }

  void answered(long beganNanos) {
    try {
      long now = mesh.nanoTime();
      if (statistics != null) {
        statistics.answered(now - beganNanos, now);
      }
      if (question != null) {
        question.answeredBy(instance, now);
      }
    } catch (Throwable e) {
      failed(e);
    }
  }

  /**
   * An attempt's stream has ended.
   *
   * @param headers with which it was sent
   */
  void end(Status status, Metadata headers, boolean sent, boolean hasAnswered, long beganNanos) {
    try {
      if (streams != null) {
        streams.end();
      }
      if (statistics != null) {
        long now = mesh.nanoTime();
        Code code =
            GivenTime.isOver(status, headers, beganNanos, now)
                ? Code.DEADLINE_EXCEEDED
                : Statuses.code(status);
        statistics.end(code, sent, hasAnswered, now - beganNanos, now);
      }
      if (question != null && isAnswer(status.getCode())) {
        question.answeredBy(instance, mesh.nanoTime());
      }
    } catch (Throwable e) {
      failed(e);
    }
  }

  /** Whether the program there has said so, and no one on the way, or this side. */
  private static boolean isAnswer(Status.Code code) {
    return code != Status.Code.UNIMPLEMENTED
        && code != Status.Code.UNAVAILABLE
        && code != Status.Code.CANCELLED
        && code != Status.Code.DEADLINE_EXCEEDED;
  }

  private void failed(Throwable cause) {
    Survived.tell(mesh, "an attempt", cause);
  }
}
