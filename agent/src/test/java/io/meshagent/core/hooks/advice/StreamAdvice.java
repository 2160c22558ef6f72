package io.meshagent.core.hooks.advice;

import io.meshagent.bootstrap.Door;
import java.util.function.Function;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** Where gRPC makes the stream of a call, and where it decides on retries. */
public final class StreamAdvice {

  private StreamAdvice() {}

  /** Before the channel makes a stream: its options may be replaced. */
  public static final class Options {

    private Options() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    public static void enter(
        @Advice.This Object provider,
        @Advice.Argument(value = 1, readOnly = false, typing = Assigner.Typing.DYNAMIC)
            Object options) {
      Function<Object[], Object> open = Door.ofStreams();
      if (open != null) {
        Object ours = open.apply(new Object[] {Door.NEW_STREAM, provider, options, null, null});
        if (ours != null) {
          options = ours;
        }
      }
    }
  }

  /** Before {@code RetriableStream.Sublistener.makeRetryDecision}: of a copy of the trailers. */
  public static final class Decision {

    private Decision() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    public static void enter(
        @Advice.This Object listener,
        @Advice.Argument(0) Object status,
        @Advice.Argument(value = 1, readOnly = false, typing = Assigner.Typing.DYNAMIC)
            Object trailers) {
      Function<Object[], Object> open = Door.ofStreams();
      if (open != null) {
        Object ours =
            open.apply(new Object[] {Door.RETRY_DECISION, listener, status, trailers, null});
        if (ours != null) {
          trailers = ours;
        }
      }
    }
  }
}
