package io.meshagent.core.hooks.advice;

import io.meshagent.bootstrap.Door;
import java.util.function.Function;
import net.bytebuddy.asm.Advice;

/** In {@code ServerImpl}: a server has bound its ports, or begins to shut down. */
public final class ServerLifeAdvice {

  private ServerLifeAdvice() {}

  /** After {@code start()}; not when it threw. */
  public static final class Started {

    private Started() {}

    @Advice.OnMethodExit(suppress = Throwable.class)
    public static void exit(@Advice.This Object server) {
      Function<Object[], Object> open = Door.handler();
      if (open != null) {
        Object unused = open.apply(new Object[] {Door.SERVER_STARTED, server, null, null, null});
      }
    }
  }

  /** Before {@code shutdown()}, which {@code shutdownNow()} calls too. May take its time. */
  public static final class Stopping {

    private Stopping() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    public static void enter(@Advice.This Object server) {
      Function<Object[], Object> open = Door.handler();
      if (open != null) {
        Object unused = open.apply(new Object[] {Door.SERVER_STOPPING, server, null, null, null});
      }
    }
  }

  /** Before {@code shutdownNow()}: what it calls must not wait. */
  public static final class StoppingNow {

    private StoppingNow() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    public static void enter(@Advice.This Object server) {
      Function<Object[], Object> open = Door.handler();
      if (open != null) {
        Object unused =
            open.apply(new Object[] {Door.SERVER_STOPPING_NOW, server, null, null, null});
      }
    }
  }
}
