package io.meshagent.core.hooks.advice;

import io.meshagent.bootstrap.Door;
import java.util.function.Function;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/**
 * In {@code ManagedChannelImpl.newCall}: a call of ours may take the place of the original one.
 *
 * <p>The one hook that does not swallow: below it run the program's own interceptors, and what they
 * throw is the program's to see. What fails of ours is caught by the adapter.
 */
public final class NewCallAdvice {

  private NewCallAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
  public static Object enter(
      @Advice.This Object channel,
      @Advice.FieldValue("interceptorChannel") Object next,
      @Advice.Argument(0) Object method,
      @Advice.Argument(1) Object options) {
    Function<Object[], Object> open = Door.handler();
    return open == null
        ? null
        : open.apply(new Object[] {Door.NEW_CALL, channel, next, method, options});
  }

  @Advice.OnMethodExit
  public static void exit(
      @Advice.Enter Object ours,
      @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object returned) {
    if (ours != null) {
      returned = ours;
    }
  }
}
