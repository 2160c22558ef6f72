package io.meshagent.grpc.base;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/**
 * The header by which agents say which application calls: {@code mesh-caller: shop;agent}. The mark
 * at its end tells it from a header of the program's own, which stays where it is. Stateless.
 */
public final class CallerHeader {

  private static final Metadata.Key<String> KEY =
      Metadata.Key.of("mesh-caller", Metadata.ASCII_STRING_MARSHALLER);

  private static final String MARK = ";agent";

  /** Longer ones are nobody's name. */
  private static final int LONGEST = 200;

  private CallerHeader() {}

  /** Its value for an application; null if the name can't be a header's value. */
  public static String of(String application) {
    boolean fits =
        !application.isEmpty()
            && application.length() <= LONGEST
            && application.equals(application.trim())
            && application.chars().allMatch(each -> each >= ' ' && each <= '~');
    return fits ? application + MARK : null;
  }

  /**
   * Adds it to what is about to be sent, unless the program has one of its own there.
   *
   * @param value null for nothing
   */
  public static void add(Metadata sending, String value) {
    if (value != null && !sending.containsKey(KEY)) {
      sending.put(KEY, value);
    }
  }

  /** Which application calls, by an agent's or a program's word; null if none is said. */
  static String name(Metadata received) {
    String value = received.get(KEY);
    if (value == null) {
      return null;
    }
    String name = isMarked(value) ? value.substring(0, value.length() - MARK.length()) : value;
    return name.isEmpty() || name.length() > LONGEST ? null : name;
  }

  /** Takes it out of what the program is about to see, if an agent has added it. */
  public static void takeOut(Metadata received) {
    if (received.containsKey(KEY)) {
      String value = received.get(KEY);
      if (isMarked(value)) {
        boolean unused = received.remove(KEY, value);
      }
    }
  }

  private static boolean isMarked(String value) {
    return value.endsWith(MARK);
  }

  /**
   * A channel to an instance that asks who calls.
   *
   * @param value null for the channel itself
   */
  public static Channel addedBy(Channel channel, String value) {
    return value == null ? channel : ClientInterceptors.intercept(channel, new Adding(value));
  }

  /** Adds it to each call. */
  private static final class Adding implements io.grpc.ClientInterceptor {
    private final String value;

    Adding(String value) {
      this.value = value;
    }

    @Override
    public <A, B> ClientCall<A, B> interceptCall(
        MethodDescriptor<A, B> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<A, B>(next.newCall(method, options)) {
        @Override
        public void start(Listener<B> listener, Metadata headers) {
          add(headers, value);
          super.start(listener, headers);
        }
      };
    }
  }
}
