package io.meshagent.core.hooks;

import io.meshagent.bootstrap.Door;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Runs the hooked methods of one class, on an object that no constructor has seen, with each thing
 * that may stand behind the Door, and writes down what the Door was shown and how the method ended.
 * For one thread, which has the Door to itself.
 */
final class HookProbe {

  /** What stands behind the Door. */
  private enum Behind {
    SHUT,
    GIVES_NOTHING,
    THROWS,
    THROWS_AN_ERROR,
    GIVES_SOMETHING_STRANGE,
    GIVES_WHAT_FITS,
    GIVES_TWO_THAT_FIT,
    GIVES_ONE_THAT_FITS_AND_ONE_THAT_DOES_NOT,
    GIVES_TOO_FEW
  }

  private final Class<?> type;

  HookProbe(Class<?> type) {
    this.type = type;
  }

  /** Method and what stood behind the Door to what was seen. */
  Map<String, String> ofEach(HookTable.Hook hook) throws ReflectiveOperationException {
    Map<String, String> seen = new TreeMap<>();
    for (Method method : type.getDeclaredMethods()) {
      for (HookTable.Placement placement : hook.placements()) {
        if (!method.isSynthetic()
            && placement.matches(method.getName(), descriptorOf(method))
            && !Modifier.isAbstract(method.getModifiers())) {
          for (Behind behind : Behind.values()) {
            seen.put(method.getName() + " " + behind, run(method, behind));
          }
        }
      }
    }
    return seen;
  }

  private static String descriptorOf(Method method) {
    return net.bytebuddy.jar.asm.Type.getMethodDescriptor(method);
  }

  private String run(Method method, Behind behind) throws ReflectiveOperationException {
    Map<Object, String> known = new LinkedHashMap<>();
    Object on = blank(type);
    for (String name : List.of("lbHelper", "interceptorChannel", "this$0")) {
      set(on, name, known);
    }
    Object[] arguments = new Object[method.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = value(method.getParameterTypes()[i]);
      if (arguments[i] != null) {
        known.put(new Same(arguments[i]), "argument " + i);
      }
    }
    known.put(new Same(on), "this");
    List<String> seen = new ArrayList<>();
    Function<Object[], Object> handler =
        values -> {
          seen.add(named(values, known));
          Object gives = gives(behind, method);
          for (Object each : gives instanceof Object[] all ? all : new Object[] {gives}) {
            known.put(new Same(each), "ours");
          }
          return gives;
        };
    Function<Object[], Object> open = behind == Behind.SHUT ? null : handler;
    Door.open(open, null);
    Door.openForStreams(open, null);
    try {
      method.setAccessible(true);
      Object returned = method.invoke(on, arguments);
      return seen + " returned " + named(returned, known);
    } catch (InvocationTargetException e) {
      return seen + " threw " + thrown(e.getCause());
    } finally {
      Door.open(null, null);
      Door.openForStreams(null, null);
    }
  }

  private static String thrown(Throwable thrown) {
    // What a cast says names loaders, and what is null is a variable in what Byte Buddy writes.
    StackTraceElement[] trace = thrown.getStackTrace();
    return thrown.getClass().getName()
        + " in "
        + (trace.length == 0 ? "?" : trace[0].getMethodName())
        + (thrown instanceof ClassCastException || thrown instanceof NullPointerException
            ? ""
            : ": " + thrown.getMessage());
  }

  private static Object gives(Behind behind, Method method) {
    return switch (behind) {
      case THROWS -> throw new IllegalStateException("of ours");
      case THROWS_AN_ERROR -> throw new AssertionError("of ours");
      case GIVES_SOMETHING_STRANGE -> "strange";
      case GIVES_WHAT_FITS -> fitting(method);
      case GIVES_TWO_THAT_FIT ->
          new Object[] {value(method.getParameterTypes(), 0), value(method.getParameterTypes(), 1)};
      case GIVES_ONE_THAT_FITS_AND_ONE_THAT_DOES_NOT ->
          new Object[] {value(method.getParameterTypes(), 0), "strange"};
      case GIVES_TOO_FEW -> new Object[0];
      default -> null;
    };
  }

  /** What the hook may put somewhere: the second argument, or the result. */
  private static Object fitting(Method method) {
    boolean result = method.getName().equals("wrapMethod") || method.getName().equals("newCall");
    return result ? value(method.getReturnType()) : value(method.getParameterTypes(), 1);
  }

  private static Object value(Class<?>[] types, int index) {
    return index < types.length ? value(types[index]) : null;
  }

  private void set(Object on, String name, Map<Object, String> known)
      throws ReflectiveOperationException {
    try {
      Field field = type.getDeclaredField(name);
      field.setAccessible(true);
      Object value = value(field.getType());
      if (value != null) {
        field.set(on, value);
        known.put(new Same(value), name);
      }
    } catch (NoSuchFieldException e) {
      // Not one of this class's.
      return;
    }
  }

  /** Something of a type: of a class that has an instance without a constructor; else null. */
  private static Object value(Class<?> type) {
    if (type == boolean.class) {
      return false;
    }
    if (type == int.class) {
      return 7;
    }
    if (type == long.class) {
      return 7L;
    }
    if (type == double.class) {
      return 7.0;
    }
    if (type == String.class) {
      return new String("text");
    }
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    if (type.getName().equals("io.grpc.ClientCall")) {
      return blank(of(type, "io.grpc.internal.ClientCallImpl"));
    }
    return type.isInterface() || Modifier.isAbstract(type.getModifiers()) ? null : blank(type);
  }

  private static Class<?> of(Class<?> neighbour, String name) {
    try {
      return Class.forName(name, false, neighbour.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object blank(Class<?> type) {
    try {
      Class<?> factory = Class.forName("sun.reflect.ReflectionFactory");
      Object its = factory.getMethod("getReflectionFactory").invoke(null);
      Constructor<?> made =
          (Constructor<?>)
              factory
                  .getMethod("newConstructorForSerialization", Class.class, Constructor.class)
                  .invoke(its, type, Object.class.getDeclaredConstructor());
      return made.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no instance of " + type, e);
    }
  }

  private static String named(Object value, Map<Object, String> known) {
    if (value == null || value instanceof Integer || value instanceof String) {
      return String.valueOf(value);
    }
    if (value instanceof Object[] all) {
      return String.valueOf(Arrays.stream(all).map(each -> named(each, known)).toList());
    }
    String name = known.get(new Same(value));
    return name == null ? value.getClass().getName() : name;
  }

  /** By identity: what is blank has no fields to compare. */
  private static final class Same {
    private final Object value;

    Same(Object value) {
      this.value = value;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Same same && same.value == value;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(value);
    }
  }
}
