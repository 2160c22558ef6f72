package io.meshagent.core.hooks.advice;

import io.meshagent.bootstrap.Door;
import java.util.function.Function;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** Before {@code Context.wrap}, {@code run} and {@code call}: of the task. */
public final class TaskAdvice {

  private TaskAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  public static void enter(
      @Advice.This Object context,
      @Advice.Argument(value = 0, readOnly = false, typing = Assigner.Typing.DYNAMIC) Object task) {
    Function<Object[], Object> open = Door.handler();
    if (open != null) {
      Object ours = open.apply(new Object[] {Door.CONTEXT_TASK, context, task, null, null});
      if (ours != null) {
        task = ours;
      }
    }
  }
}
