package io.meshagent.grpc.repeat;

import io.grpc.CallOptions;
import io.meshagent.core.api.Rights;
import io.meshagent.grpc.attempt.AttemptTracers;
import java.lang.reflect.Field;

/**
 * Finds the call that a listener of gRPC's retries belongs to: by the stream around it, and the
 * call options that the stream was made with. Thread-safe.
 */
final class CallOfListener {

  private static final String AROUND = "this$0";

  /** What the compiler calls a variable that a class in a method uses. */
  private static final String OPTIONS = "val$callOptions";

  /** Volatile: found when it is first needed, as the next. One class has each in a copy of gRPC. */
  private volatile Field around;

  private volatile Field options;

  /** Null if it can't be found, or the call is not one of ours. */
  AttemptTracers of(Object listener) {
    try {
      around = matching(around, listener, AROUND);
      Object stream = around == null ? null : around.get(listener);
      options = stream == null ? options : matching(options, stream, OPTIONS);
      Object found = stream == null || options == null ? null : options.get(stream);
      return found instanceof CallOptions ? AttemptTracers.in((CallOptions) found) : null;
    } catch (IllegalAccessException e) {
      return null;
    }
  }

  private static Field matching(Field known, Object of, String name) {
    return known != null && known.getDeclaringClass() == of.getClass()
        ? known
        : Rights.ours(() -> find(of.getClass(), name));
  }

  private static Field find(Class<?> type, String name) {
    for (Field field : type.getDeclaredFields()) {
      if (field.getName().equals(name)) {
        field.setAccessible(true);
        return field;
      }
    }
    return null;
  }
}
