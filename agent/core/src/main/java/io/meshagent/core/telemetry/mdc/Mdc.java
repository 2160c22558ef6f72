package io.meshagent.core.telemetry.mdc;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The log context of one copy of a logging library, by its static methods. As thread-safe as that
 * is. What the library throws is thrown, and an error of any kind may be among it: the first use
 * runs its initializer, which may miss a class or a right.
 */
final class Mdc {

  private static final MethodType GET = MethodType.methodType(String.class, String.class);
  private static final MethodType PUT =
      MethodType.methodType(void.class, String.class, String.class);
  private static final MethodType REMOVE = MethodType.methodType(void.class, String.class);

  private final MethodHandle get;
  private final MethodHandle put;
  private final MethodHandle remove;

  /** Volatile: set once, by whoever finds out. */
  private volatile boolean broken;

  private Mdc(Class<?> type) throws ReflectiveOperationException {
    get = method(type, "get", String.class).asType(GET);
    put = method(type, "put", String.class, String.class).asType(PUT);
    remove = method(type, "remove", String.class).asType(REMOVE);
  }

  /**
   * That of a library which the program uses.
   *
   * @param logger the library's class that the program has loaded
   */
  static Mdc of(Library library, Class<?> logger) throws ReflectiveOperationException {
    return new Mdc(Class.forName(library.mdc, false, logger.getClassLoader()));
  }

  /** Some return what was there before, some nothing. */
  private static MethodHandle method(Class<?> type, String name, Class<?>... parameters)
      throws ReflectiveOperationException {
    Class<?> result = type.getMethod(name, parameters).getReturnType();
    return MethodHandles.publicLookup()
        .findStatic(type, name, MethodType.methodType(result, parameters));
  }

  /** It failed once and would again: nothing is put there any more. */
  void broke() {
    broken = true;
  }

  boolean isBroken() {
    return broken;
  }

  /** Null if there is none. */
  String get(String key) throws Throwable {
    return (String) get.invokeExact(key);
  }

  /**
   * Sets a value.
   *
   * @param value null to have none
   */
  void set(String key, String value) throws Throwable {
    if (value == null) {
      remove.invokeExact(key);
    } else {
      put.invokeExact(key, value);
    }
  }
}
