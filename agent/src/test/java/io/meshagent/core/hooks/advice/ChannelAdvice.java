package io.meshagent.core.hooks.advice;

import io.meshagent.bootstrap.Door;
import java.util.function.Function;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** In {@code ManagedChannelImpl} and its balancer's helper: what rerouting needs to know. */
public final class ChannelAdvice {

  private ChannelAdvice() {}

  /** After {@code exitIdleMode()}. */
  public static final class Active {

    private Active() {}

    @Advice.OnMethodExit(suppress = Throwable.class)
    public static void exit(
        @Advice.This Object channel, @Advice.FieldValue("lbHelper") Object lbHelper) {
      Function<Object[], Object> open = Door.handler();
      if (open != null) {
        Object unused =
            open.apply(new Object[] {Door.CHANNEL_ACTIVE, channel, lbHelper, null, null});
      }
    }
  }

  /**
   * After {@code shutdownNameResolverAndLoadBalancer(boolean)}: what a balancer still says while it
   * is shut down is said to a router that is there.
   */
  public static final class Idle {

    private Idle() {}

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(@Advice.This Object channel) {
      Function<Object[], Object> open = Door.handler();
      if (open != null) {
        Object unused = open.apply(new Object[] {Door.CHANNEL_IDLE, channel, null, null, null});
      }
    }
  }

  /** Before {@code LbHelperImpl.updateBalancingState}: both arguments may be replaced. */
  public static final class BalancingState {

    private BalancingState() {}

    @Advice.OnMethodEnter(suppress = Throwable.class)
    public static void enter(
        @Advice.This Object helper,
        @Advice.FieldValue("this$0") Object channel,
        @Advice.Argument(value = 0, readOnly = false, typing = Assigner.Typing.DYNAMIC)
            Object state,
        @Advice.Argument(value = 1, readOnly = false, typing = Assigner.Typing.DYNAMIC)
            Object picker) {
      Function<Object[], Object> open = Door.handler();
      Object[] ours =
          open == null
              ? null
              : (Object[])
                  open.apply(new Object[] {Door.BALANCING_STATE, helper, channel, state, picker});
      if (ours != null) {
        state = ours[0];
        picker = ours[1];
      }
    }
  }
}
