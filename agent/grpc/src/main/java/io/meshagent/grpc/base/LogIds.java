package io.meshagent.grpc.base;

import io.grpc.Context;
import io.meshagent.core.api.LogContext;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.TraceId;

/**
 * The ids by which the program's log lines can be found that belong to one call. Immutable; {@link
 * #enter} and {@link #leave} come in pairs around code of the program's, on its threads.
 */
public final class LogIds {

  /** Of the call of a server that the program's code belongs to. */
  public static final Context.Key<LogIds> KEY = Context.key("mesh-agent-log");

  private final LogContext log;
  private final String trace;
  private final String span;

  private LogIds(LogContext log, String trace, String span) {
    this.log = log;
    this.trace = trace;
    this.span = span;
  }

  /**
   * Those of the trace that the handler of a server's call runs in, or that a client's call was
   * made in.
   *
   * @return null if there is no trace
   */
  public static LogIds of(LogContext log, Call call) {
    String header = call.carriedTraceparent();
    return TraceId.isOne(header)
        ? new LogIds(log, TraceId.trace(header), TraceId.span(header))
        : null;
  }

  /** Tells the program something, with the ids in its log context meanwhile. */
  public void around(Runnable telling) {
    Object entered = enter();
    try {
      telling.run();
    } finally {
      leave(entered);
    }
  }

  /** Returns what {@link #leave} is to be given. */
  public Object enter() {
    return log.enter(trace, span);
  }

  /** Undoes {@link #enter}. */
  public void leave(Object entered) {
    log.leave(entered);
  }
}
