package io.meshagent.grpc.base;

import io.meshagent.core.api.Rights;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * Reads what gRPC keeps private. For decisions made once per channel, server or call that waits,
 * never for each call. What is not there, or can't be read, is null: every caller has an answer for
 * that. Looking takes our rights; what is called runs with the program's.
 */
public final class GrpcInternals {

  private GrpcInternals() {}

  /** The value of a field of this name, its own or inherited; null if there is none. */
  public static Object field(Object of, String name) {
    try {
      return Rights.ours(() -> find(of, name));
    } catch (RuntimeException e) {
      return null;
    }
  }

  private static Object find(Object of, String name) {
    for (Class<?> type = classOf(of); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          try {
            field.setAccessible(true);
            return field.get(of);
          } catch (IllegalAccessException e) {
            return null;
          }
        }
      }
    }
    return null;
  }

  /**
   * Calls a method without parameters, its own or inherited; null if there is none or it throws.
   */
  public static Object call(Object on, String name) {
    try {
      Method method = method(on, name);
      return method == null ? null : method.invoke(on);
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  /** A method with these parameters, its own or inherited; null if there is none. */
  public static Method method(Object of, String name, Class<?>... parameters) {
    try {
      return Rights.ours(() -> find(classOf(of), name, parameters));
    } catch (RuntimeException e) {
      return null;
    }
  }

  private static Method find(Class<?> of, String name, Class<?>... parameters) {
    for (Class<?> type = of; type != null; type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        if (method.getName().equals(name)
            && Arrays.equals(method.getParameterTypes(), parameters)) {
          method.setAccessible(true);
          return method;
        }
      }
    }
    return null;
  }

  private static Class<?> classOf(Object object) {
    return object == null ? null : object.getClass();
  }
}
