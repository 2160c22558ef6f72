package io.meshagent.core.hooks.advice;

import io.meshagent.bootstrap.Door;
import java.util.function.Function;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/**
 * Where a server call gets its method definition: ours, wrapped around the program's interceptors.
 */
public final class ServerMethodAdvice {

  private ServerMethodAdvice() {}

  /** {@code ServerTransportListenerImpl.wrapMethod}, gRPC 1.40 and newer. */
  public static final class Returned {

    private Returned() {}

    @Advice.OnMethodExit(suppress = Throwable.class)
    public static void exit(
        @Advice.This Object listener,
        @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object definition) {
      Function<Object[], Object> open = Door.handler();
      Object ours =
          open == null
              ? null
              : open.apply(new Object[] {Door.SERVER_METHOD, listener, definition, null, null});
      if (ours != null) {
        definition = ours;
      }
    }
  }

  /** {@code ServerTransportListenerImpl.startWrappedCall}, up to gRPC 1.39. */
  public static final class Argument {

    private Argument() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    public static void enter(
        @Advice.This Object listener,
        @Advice.Argument(value = 1, readOnly = false, typing = Assigner.Typing.DYNAMIC)
            Object definition) {
      Function<Object[], Object> open = Door.handler();
      Object ours =
          open == null
              ? null
              : open.apply(new Object[] {Door.SERVER_METHOD, listener, definition, null, null});
      if (ours != null) {
        definition = ours;
      }
    }
  }
}
