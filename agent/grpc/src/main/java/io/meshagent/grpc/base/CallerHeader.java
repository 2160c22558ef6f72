package io.meshagent.grpc.base;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.meshagent.core.call.CallerName;
import java.nio.charset.StandardCharsets;

/**
 * The header by which agents say which application calls: {@code mesh-caller: shop;agent}. The mark
 * at its end tells it from a header of the program's own, which stays where it is. Stateless.
 */
public final class CallerHeader {

  private static final Metadata.Key<String> KEY =
      Metadata.Key.of(CallerName.HEADER, Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<byte[]> RAW = RawHeaders.key(KEY.name());

  private static final String MARK = CallerName.MARK;

  private CallerHeader() {}

  /**
   * Its value for an application, which nobody changes; null if the name can't be a header's value.
   */
  public static byte[] of(String application) {
    boolean fits =
        !application.isEmpty()
            && application.length() <= CallerName.LONGEST
            && application.equals(application.trim())
            && application.chars().allMatch(each -> each >= ' ' && each <= '~');
    return fits ? (application + MARK).getBytes(StandardCharsets.US_ASCII) : null;
  }

  /**
   * Adds it to what is about to be sent, unless the program has one of its own there.
   *
   * @param value null for nothing
   */
  public static void add(Metadata sending, byte[] value) {
    if (value != null && !sending.containsKey(RAW)) {
      sending.put(RAW, value);
    }
  }

  /** Which application calls, by an agent's or a program's word; null if none is said. */
  static String name(Metadata received) {
    byte[] value = received.get(RAW);
    if (value == null) {
      return null;
    }
    int length = isMarked(value) ? value.length - MARK.length() : value.length;
    return length == 0 || length > CallerName.LONGEST
        ? null
        : new String(value, 0, length, StandardCharsets.US_ASCII);
  }

  /** Takes it out of what the program is about to see, if an agent has added it. */
  public static void takeOut(Metadata received) {
    byte[] value = received.get(RAW);
    if (value != null && isMarked(value) && !received.remove(RAW, value)) {
      // This gRPC copies what it hands out, and compares what it is given.
      boolean unused = received.remove(KEY, new String(value, StandardCharsets.US_ASCII));
    }
  }

  private static boolean isMarked(byte[] value) {
    int from = value.length - MARK.length();
    if (from < 0) {
      return false;
    }
    for (int i = 0; i < MARK.length(); i++) {
      if (value[from + i] != MARK.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * A channel to an instance that asks who calls.
   *
   * @param value null for the channel itself
   */
  public static Channel addedBy(Channel channel, byte[] value) {
    return value == null ? channel : ClientInterceptors.intercept(channel, new Adding(value));
  }

  /** Adds it to each call. */
  private static final class Adding implements io.grpc.ClientInterceptor {
    private final byte[] value;

    Adding(byte[] value) {
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
