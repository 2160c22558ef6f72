package io.meshagent.core.api;

/**
 * One attempt of a call that is to be given an instance, as a {@link Balancer.Picker} sees it.
 * Thread-safe.
 */
public interface Attempt {

  /** What a picker is given that does not look at attempts: nothing is known of it. */
  Attempt ANY =
      new Attempt() {
        @Override
        public String method() {
          return "";
        }

        @Override
        public String header(String name) {
          return null;
        }

        @Override
        public int number() {
          return 0;
        }

        @Override
        public double chance() {
          return 0;
        }

        @Override
        public boolean hasTried(Instance instance) {
          return false;
        }
      };

  /** The full method name of its call, {@code package.Service/Method}. */
  String method();

  /**
   * The value of an ASCII header that it will send, or null; several stand in one with commas. What
   * the agent adds to it of its own accord is not there yet, but for the trace and the baggage of
   * the call around it.
   */
  String header(String name);

  /** 0 for the first attempt of a call; retries and hedges count on. */
  int number();

  /**
   * From 0 to 1, drawn by chance: once for a call, so that all attempts of it are told the same.
   * For each attempt where an interceptor of the program's has hidden which call it belongs to.
   */
  double chance();

  /**
   * Whether an earlier attempt of the same call was given this instance. False for all where an
   * interceptor of the program's has hidden which call it belongs to.
   */
  boolean hasTried(Instance instance);

  /** Whether that is so of any instance: it is a retry or a hedge that should look elsewhere. */
  default boolean hasTriedAny() {
    return false;
  }
}
