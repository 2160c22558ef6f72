package io.meshagent.core.hooks;

/**
 * Classes with the names and methods of those that are hooked, once {@link ShapesIT} has renamed
 * them, and with all that code can do where a hook begins or ends: loops at the first instruction,
 * several returns, handlers, monitors, long arguments, variables of every size. What a method does
 * hangs on {@link #mode}.
 */
public final class Shapes {

  public static volatile int mode;

  private Shapes() {}

  /** In the place of what is given back or handed on. */
  public static class Thing {}

  /** {@code ServerImpl}. */
  public static class Server extends Thing {

    Thing start() {
      for (int i = 0; i < 3; i++) {
        if (mode == 0) {
          return this;
        }
        long wide = i;
        double wider = wide * 2.0;
        if (mode == 1 && wider > 1) {
          try {
            return new Thing();
          } finally {
            wide++;
          }
        }
      }
      if (mode == 2) {
        throw new IllegalArgumentException("its own");
      }
      return null;
    }

    int shutdown() {
      int turns = 0;
      do {
        turns++;
      } while (turns < mode);
      return turns;
    }

    synchronized Thing shutdownNow() {
      while (mode == 2) {
        throw new IllegalArgumentException("its own");
      }
      return this;
    }
  }

  /** {@code ServerTransportListenerImpl}. */
  public static class Transport extends Thing {

    Thing wrapMethod(long wide, Thing definition) {
      if (mode == 0) {
        return definition;
      }
      if (mode == 1) {
        Object other = definition == null ? "none" : definition;
        return other instanceof Thing thing ? thing : null;
      }
      if (mode == 2) {
        throw new IllegalArgumentException("its own");
      }
      synchronized (this) {
        return wide == 7 ? this : null;
      }
    }
  }

  /** The same as it was up to gRPC 1.39. */
  public static class OlderTransport extends Thing {

    Thing startWrappedCall(String name, Thing definition, long wide) {
      return mode == 2 ? null : definition;
    }
  }

  /** {@code ManagedChannelImpl}. */
  public static class Channel extends Thing {
    Thing interceptorChannel;
    Thing lbHelper;

    Thing newCall(Thing method, Thing options) {
      while (mode > 1) {
        throw new IllegalArgumentException("its own");
      }
      return mode == 0 ? interceptorChannel : options;
    }

    void exitIdleMode() {
      if (mode == 0) {
        return;
      }
      long wide = mode;
      if (wide == 2) {
        throw new IllegalArgumentException("its own");
      }
      synchronized (this) {
        wide++;
      }
    }

    void shutdownNameResolverAndLoadBalancer(boolean active) {
      try {
        if (mode == 1) {
          throw new IllegalArgumentException("caught by itself");
        }
      } catch (IllegalArgumentException e) {
        if (active) {
          return;
        }
      }
      if (mode == 2) {
        throw new IllegalArgumentException("its own");
      }
    }
  }

  /** {@code LbHelperImpl}. */
  public static class Helper extends Thing {
    Thing this$0;

    Object[] updateBalancingState(Thing state, Thing picker) {
      return new Object[] {state, picker};
    }
  }

  /** {@code ChannelStreamProvider}. */
  public static class Provider extends Thing {

    Thing newStream(long wide, Thing options, double wider, Thing context) {
      // The second argument, but the third variable and the fourth.
      return mode == 0 ? options : context;
    }
  }

  /** {@code StatsTraceContext}. */
  public static class Tracers extends Thing {

    static Object[] newServerContext(Thing factories, Thing method, Thing headers) {
      // There is no object, so that the first argument is the first variable.
      return mode == 0 ? new Object[] {factories, method, headers} : new Object[] {headers};
    }
  }

  /** {@code RetriableStream.Sublistener}. */
  public static class Sublistener extends Thing {

    Object[] makeRetryDecision(Thing status, Thing trailers) {
      return new Object[] {status, trailers};
    }
  }
}
