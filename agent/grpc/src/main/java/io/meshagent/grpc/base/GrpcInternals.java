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

  private static final boolean MAY_CHANGE_FINAL = mayChangeFinal();

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
    try {
      Field field = declared(of, name);
      return field == null ? null : field.get(of);
    } catch (IllegalAccessException e) {
      return null;
    }
  }

  private static Field declared(Object of, String name) {
    for (Class<?> type = classOf(of); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          field.setAccessible(true);
          return field;
        }
      }
    }
    return null;
  }

  /**
   * Gives a field another value, one that is final too: Java lets that be, and from 26 on says so
   * to whoever looks at the error stream, so that there it is not done.
   *
   * @return whether it has that value now
   */
  static boolean set(Object of, String name, Object value) {
    try {
      return MAY_CHANGE_FINAL && Rights.ours(() -> change(of, name, value));
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static boolean change(Object of, String name, Object value) {
    try {
      Field field = declared(of, name);
      if (field != null) {
        field.set(of, value);
      }
      return field != null;
    } catch (IllegalAccessException e) {
      return false;
    }
  }

  /** Up to Java 25; 8 calls itself 1.8. */
  private static boolean mayChangeFinal() {
    try {
      return Double.parseDouble(System.getProperty("java.specification.version")) < 26;
    } catch (RuntimeException e) {
      return false;
    }
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
