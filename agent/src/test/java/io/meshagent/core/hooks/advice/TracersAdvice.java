package io.meshagent.core.hooks.advice;

import io.meshagent.bootstrap.Door;
import java.util.function.Function;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** Before {@code StatsTraceContext.newServerContext}, which is static: of the factories. */
public final class TracersAdvice {

  private TracersAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  public static void enter(
      @Advice.Origin Class<?> type,
      @Advice.Argument(value = 0, readOnly = false, typing = Assigner.Typing.DYNAMIC)
          Object factories) {
    Function<Object[], Object> open = Door.handler();
    if (open != null) {
      Object ours = open.apply(new Object[] {Door.SERVER_TRACERS, type, factories, null, null});
      if (ours != null) {
        factories = ours;
      }
    }
  }
}
